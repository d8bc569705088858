internal import Domain
internal import Testing

@testable internal import Export

@Suite("GUIDs for names")
struct GUIDTests {
  @Test("the same name has the same GUID, another name or installation another one")
  func stable() throws {
    let guids = GUIDs(trustDomain: "lockbox.test")
    let acme = try #require(TenantID("acme"))
    let other = try #require(TenantID("acme2"))
    #expect(guids.of(acme) == guids.of(acme))
    let all: Set<String> = [
      guids.of(acme), guids.of(other), GUIDs(trustDomain: "lockbox.example").of(acme),
      guids.of(client: Subject(issuer: "acme", id: "")),
      guids.of(client: Subject(issuer: "a", id: "cme")),
    ]
    #expect(all.count == 5)
    for guid in all {
      #expect(guid.split(separator: "-").map(\.utf8.count) == [8, 4, 4, 4, 12])
      #expect(Array(guid)[14] == "8" && "89ab".contains(Array(guid)[19]))
    }
  }
}
