internal import LockboxProto
internal import RPC
internal import Testing

@testable internal import CommandLine

@Suite("Destinations")
struct DestinationTests {
  private typealias API = ExportV1.ExportService

  @Test("what is made is printed with its secret, once")
  func create() async throws {
    let scene = Scene()
    try scene.services.answer(
      API.createDestination,
      .init(destination: .init(destinationID: "d1", name: "SIEM"), secret: "whsec_x"))
    let outcome = await scene.run([
      "destination", "create", "--tenant", "acme", "--name", "SIEM", "--webhook",
      "https://siem.acme.test/", "--format", "ocsf", "--scheme", "ed25519", "--kind",
      "grant_revoked", "--texts", "--history",
    ])
    #expect(outcome.output == ["d1", "whsec_x"])
    let asked = try #require(
      try scene.services.requests(of: API.createDestination).first)
    #expect(asked.fromFirstKept)
    #expect(
      asked.destination
        == .init(
          tenantID: "acme", name: "SIEM",
          target: .webhook(
            .init(url: "https://siem.acme.test/", format: .ocsf, scheme: .ed25519)),
          kinds: ["grant_revoked"], includesTexts: true))
  }

  @Test("a test that was not delivered fails, and says why")
  func test() async throws {
    let scene = Scene()
    try scene.services.answer(
      API.testDestination, .init(delivered: false, result: "the receiver answered 401"))
    let outcome = await scene.run(["destination", "test", "--tenant", "acme", "d1"])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.joined().contains("the receiver answered 401"))
  }
}
