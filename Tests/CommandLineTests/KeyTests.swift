internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import SignedStatement
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Signing keys")
struct KeyTests {
  private static let issuer = "https://id.acme.test"
  /// A token of ana's, as far as a client reads it.
  private static let token =
    "e30.\(Base64URL.encode(Array(#"{"iss":"https://id.acme.test","sub":"ana"}"#.utf8))).c2ln"

  private func run(
    _ scene: Scene, _ arguments: [String], token: String = token
  ) async -> Scene.Outcome {
    await scene.run(arguments, environment: ["LOCKBOXCTL_TOKEN": token])
  }

  private func shown() throws -> ApprovalsV1.AccessRequestRecord {
    var record = Example.record
    record.requestDigest = SHA256.hash(try Example.asked.serialized()).bytes
    record.terms = .init(scope: Example.asked.scope, duration: Example.asked.duration)
    return record
  }

  @Test("a generated key registers itself and signs what was shown, and the signature holds")
  func decision() async throws {
    let scene = Scene()
    let file = scene.path("decisions.key")
    let made = await run(scene, ["key", "generate", "--file", file])
    #expect(made.status == .success)
    let again = await run(scene, ["key", "generate", "--file", file])
    #expect(again.status == .configuration)

    let keys = ApprovalsV1.ApproverKeyService.self
    try scene.services.answer(keys.registerApproverKey, .init(key: .init()))
    let registered = await run(
      scene, ["key", "register", "--file", file, "--label", "laptop", "--tenant", "acme"])
    #expect(registered.status == .success)
    let registration = try #require(
      try scene.services.requests(of: keys.registerApproverKey).first)
    let key = try #require(ApproverPublicKey(der: registration.publicKey))
    #expect(made.output == [key.id.description] && registration.label == "laptop")
    let owner = Subject(issuer: Self.issuer, id: "ana")
    #expect(
      holds(
        registration.signature, by: key,
        over: try Statement.key(key.id, of: owner, in: TenantID("acme")!, at: Scene.now)))

    let service = ApprovalsV1.ApprovalsService.self
    let shown = try shown()
    try scene.services.answer(service.getAccessRequest, .init(accessRequest: shown))
    try scene.services.answer(service.decideAccessRequest, .init(accessRequest: Example.approved))
    let decided = await run(
      scene,
      ["approve", Example.requestID, "--yes", "--key", file, "--comment", "fine", "--for", "1h"])
    #expect(decided.status == .success)
    let sent = try #require(try scene.services.requests(of: service.decideAccessRequest).first)
    let terms = Terms(
      scope: Scope(resources: ["mailboxes/alice@acme.test"], actions: [.read, .export]),
      duration: .hours(1))
    #expect(
      holds(
        sent.signature, by: key,
        over: try Statement.decision(
          .approve, stage: 1, on: RequestID(Example.requestID)!, of: TenantID("acme")!,
          digest: Digest(shown.requestDigest)!, by: owner, comment: "fine", terms: terms,
          at: Scene.now)))
  }

  private func holds(
    _ signature: CommonV1.StatementSignature?, by key: ApproverPublicKey, over statement: [UInt8]
  ) -> Bool {
    guard let signature else { return false }
    return key.isSigned(
      StatementSignature(
        key: key.id, signTime: Scene.now, signature: signature.signature, statement: statement),
      relyingParty: nil)
  }

  @Test("nothing is signed when the digest is not that of what was shown")
  func otherDigest() async throws {
    let scene = Scene()
    let file = scene.path("decisions.key")
    _ = await run(scene, ["key", "generate", "--file", file])
    var shown = try shown()
    shown.accessRequest?.justification = "something harmless"
    let service = ApprovalsV1.ApprovalsService.self
    try scene.services.answer(service.getAccessRequest, .init(accessRequest: shown))
    let outcome = await run(scene, ["approve", Example.requestID, "--yes", "--key", file])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.last?.contains("nothing was signed") == true)
    #expect(try scene.services.requests(of: service.decideAccessRequest).isEmpty)
  }

  @Test(
    "what cannot be signed is said",
    arguments: [
      (["approve", Example.requestID, "--yes", "--key", "/nowhere"], CommandStatus.configuration),
      (["key", "register", "--tenant", "acme"], .usage),
      (["key", "confirm", "5f0c"], .usage),
      (["key", "confirm", String(repeating: "g", count: 64)], .usage),
    ])
  func refused(_ arguments: [String], _ status: CommandStatus) async throws {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: try shown()))
    #expect(await run(scene, arguments).status == status)
  }
}
