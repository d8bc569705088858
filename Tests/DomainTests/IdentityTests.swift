internal import Testing

@testable internal import Domain

struct IdentityTests {
  @Test("ids are UUIDs of version 7, sort by time and survive their text")
  func ids() {
    var generator = Seeded(state: 1)
    let early = UUIDv7(at: Example.start, using: &generator)
    let late = UUIDv7(at: Example.start + .milliseconds(1), using: &generator)
    #expect(early < late)
    #expect(early.description < late.description)
    #expect(UUIDv7(early.description) == early)
    #expect(early.high >> 12 & 0xF == 7)
    #expect(early.high >> 16 == UInt64(Example.start.nanoseconds / 1_000_000))
  }

  @Test(
    "what is no lower-case UUIDv7 is refused",
    arguments: [
      "", "0190a3b4-5c6d-4e8f-9a0b-1c2d3e4f5a6b", "0190A3B4-5C6D-7E8F-9A0B-1C2D3E4F5A6B",
      "0190a3b45c6d7e8f9a0b1c2d3e4f5a6b", "0190a3b4-5c6d-7e8f-1a0b-1c2d3e4f5a6b",
      "0190a3b4-5c6d-7e8f-9a0b-1c2d3e4f5a6", "0190a3b4-5c6d-7e8f-9a0b-1c2d3e4f5a6g",
    ])
  func badID(_ text: String) {
    #expect(UUIDv7(text) == nil)
  }

  @Test(
    "a name is a DNS label",
    arguments: [
      ("acme", true), ("a-1", true), ("", false), ("1acme", false), ("Acme", false),
      ("acme-", false), ("ac me", false), ("ac/me", false),
      (String(repeating: "a", count: 63), true),
      (String(repeating: "a", count: 64), false), ("acmé", false),
    ])
  func names(_ text: String, isName: Bool) {
    #expect((TenantID(text) != nil) == isName)
  }

  @Test("a subject is its issuer and id, byte for byte; the display name is nobody")
  func subjects() {
    let one = Subject(issuer: "i", id: "é", displayName: "A")
    #expect(one == Subject(issuer: "i", id: "é", displayName: "B"))
    #expect(one != Subject(issuer: "i", id: "e\u{301}", displayName: "A"))
    #expect(one != Subject(issuer: "j", id: "é", displayName: "A"))
  }
}
