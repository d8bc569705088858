internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import Testing

@testable internal import CommandLine

@Suite("Access tokens on the command line")
struct TokenTests {
  static let signer = AccessTokenSigner(key: SigningKey(seed: [UInt8](repeating: 1, count: 32))!)

  private func scene() -> Scene {
    let scene = Scene()
    scene.write(String(decoding: Self.signer.publicKeys.json, as: UTF8.self), to: "keys.json")
    scene.write(
      Scene.controlFile + """

        access_tokens: {keys: keys.json, issuer: https://a.test, audience: https://c.test}
        """, to: "ctl.yaml")
    return scene
  }

  /// A token whose approval is the only entry of acme's log.
  static func token(audience: String = "https://c.test") throws -> String {
    let entry = try EventV1.Event(
      eventID: "e", tenantID: "acme", requestID: Example.requestID,
      payload: .accessRequestApproved(.init(grant: Example.grant))
    ).serialized()
    let name = KeyName("log.lockbox.test/acme")!
    let note = try Checkpoint(origin: name, size: 1, root: Hash.leaf(entry))
      .signed(by: [NoteSigner(name: name, key: Scene.logKey)])
    return signer.sign(
      AccessTokenClaims(
        issuer: "https://a.test", audience: audience,
        tokenID: TokenID("019aa000-0000-7000-8000-000000000009")!, issueTime: Scene.now,
        expireTime: Scene.now + .minutes(10),
        grant: .init(
          id: GrantID(Example.grantID)!, request: RequestID(Example.requestID)!,
          tenant: TenantID("acme")!,
          engineer: Subject(issuer: "https://provider.lockbox.test", id: "erin"),
          requestDigest: Digest(Example.digest)!,
          scope: Scope(resources: ["mailboxes/alice@acme.test"], actions: [.read, .export]),
          start: Scene.now, end: Scene.now + .hours(2)),
        receipt: .init(
          origin: name.rawValue, index: 0, entry: entry, inclusionProof: [],
          checkpoint: note.serialized)))
  }

  @Test("verify prints every check and asks nobody")
  func verify() async throws {
    let scene = scene()
    let outcome = await scene.run(
      ["token", "verify"], input: try Self.token() + "\n", environment: [:])
    #expect(outcome.status == .success, "\(outcome)")
    #expect(outcome.output.count == 1 + Check.Subject.allCases.count)
    #expect(outcome.output.dropFirst().allSatisfy { $0.hasPrefix("✓") })
    #expect(scene.services.askedServers.isEmpty)
  }

  @Test("a check that fails is marked, named and in the exit status")
  func audience() async throws {
    let token = try Self.token(audience: "https://other.test")
    let outcome = await scene().run(["token", "verify", token])
    #expect(outcome.status == .refused)
    #expect(outcome.output.filter { $0.hasPrefix("✗") }.count == 1)
    #expect(outcome.errors == ["lockboxctl: The token does not hold: audience."])
    let json = await scene().run(["token", "verify", token, "--output", "json"])
    #expect(json.output.count == 1)
    #expect(json.output.first?.hasPrefix(#"{"holds":false,"checks":["#) == true)
  }

  @Test("--at asks about another moment")
  func moment() async throws {
    let scene = scene()
    scene.write(try Self.token(), to: "token")
    let arguments = ["token", "verify", "--file", scene.path("token"), "--at"]
    #expect(await scene.run(arguments + ["2026-11-21T12:09:59Z"]).status == .success)
    let late = await scene.run(arguments + ["2026-11-21T12:10:00Z"])
    #expect(late.errors == ["lockboxctl: The token does not hold: expiry."])
  }

  @Test("a key set that is not right is said to be so", arguments: ["", "{}", #"{"keys":[{}]}"#])
  func badKeys(json: String) async throws {
    let scene = scene()
    scene.write(json, to: "keys.json")
    let outcome = await scene.run(["token", "verify", "x"])
    #expect(outcome.status == .configuration)
    #expect(outcome.errors.first?.contains("keys.json is not taken") == true)
  }

  @Test("show tells what a token says and that it is not checked")
  func show() async throws {
    let outcome = await scene().run(["token", "show", try Self.token()])
    #expect(outcome.status == .success)
    #expect(outcome.output.first?.hasSuffix("not checked") == true)
    #expect(outcome.output.contains("  Tenant      acme"))
    #expect(await scene().run(["token", "show", "a.b.c"]).status == .data)
  }

  @Test("issue prints the token and nothing else")
  func issue() async throws {
    let scene = scene()
    try scene.services.answer(
      ApprovalsV1.GrantService.issueAccessToken,
      .init(accessToken: "a.b.c", expireTime: Example.time(.minutes(10))))
    let outcome = await scene.run(["token", "issue", Example.grantID])
    #expect(outcome.output == ["a.b.c"])
    #expect(outcome.errors == ["expires 2026-11-21 12:10:00 UTC (in 10 min)"])
  }
}
