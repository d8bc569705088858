internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Linked people, keys and introspection on the command line")
struct PeopleTests {
  private static let ana = CommonV1.Subject(issuer: "https://id.acme.test", id: "ana@acme.test")
  private static let other = CommonV1.Subject(issuer: "https://id.acme.test", id: "b")
  private static let person = CommonV1.LinkedPerson(
    personID: Example.requestID, tenantID: "acme", subjects: [ana, other], linkedBy: ana,
    linkTime: .init(nanosecondsSinceEpoch: Scene.now.nanoseconds))

  private func run(_ scene: Scene, _ arguments: [String]) async -> Scene.Outcome {
    await scene.run(arguments, environment: ["LOCKBOXCTL_TOKEN": "t"])
  }

  @Test("subjects are named as their tokens name them, the issuer after the last @")
  func link() async throws {
    let scene = Scene()
    let links = ApprovalsV1.SubjectLinkService.self
    try scene.services.answer(links.linkSubjects, .init(person: Self.person, changed: true))
    let outcome = await run(
      scene,
      [
        "people", "link", "--tenant", "acme", "ana@acme.test@https://id.acme.test",
        "b@https://id.acme.test",
      ])
    #expect(outcome.status == .success)
    #expect(outcome.output == ["ana@acme.test of https://id.acme.test = b of https://id.acme.test"])
    #expect(
      try scene.services.requests(of: links.linkSubjects)
        == [.init(tenantID: "acme", subjects: [Self.ana, Self.other])])

    try scene.services.answer(links.unlinkSubject, .init())
    let unlinked = await run(scene, ["people", "unlink", "b@https://id.acme.test"])
    #expect(unlinked.output == ["nobody is left to be linked with"])
    try scene.services.answer(links.listLinkedPeople, .init(people: [Self.person]))
    let listed = await run(scene, ["people", "list", "--tenant", "acme"])
    #expect(listed.output.count == 2)
  }

  @Test(
    "what is no subject is told so before anything is asked",
    arguments: [
      ["people", "link", "a@https://x"], ["people", "link", "a", "b"],
      ["people", "link", "@https://x", "b@https://x"], ["people", "unlink", "a@x"],
    ])
  func wrong(_ arguments: [String]) async {
    let scene = Scene()
    #expect(await run(scene, arguments).status == .usage)
    #expect(scene.services.askedServers.isEmpty)
  }

  @Test("keys are a table, a JWKS or JSON")
  func keys() async throws {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.GrantService.listSigningKeys,
      .init(
        keys: [
          .init(keyID: "k1", publicKey: [1, 2], state: .active),
          .init(keyID: "k2", publicKey: [3, 4], state: .next),
        ], jwks: #"{"keys":[]}"#))
    let table = await run(scene, ["token", "keys"])
    #expect(table.output.count == 3 && table.output[1].contains("active"))
    #expect(await run(scene, ["token", "keys", "--jwks"]).output == [#"{"keys":[]}"#])
  }

  @Test("a token that is not active is refused, and nothing more is said")
  func introspect() async throws {
    let scene = Scene()
    let method = ApprovalsV1.GrantService.introspect
    try scene.services.answer(method, .init(active: false))
    let refused = await run(scene, ["token", "introspect", "x.y.z"])
    #expect(refused.status == .refused && refused.output.count == 1)
    #expect(try scene.services.requests(of: method) == [.init(accessToken: "x.y.z")])
    let live = Scene()
    try live.services.answer(method, .init(active: true, tokenID: "t", grant: Example.grant))
    let active = await run(live, ["token", "introspect", "x.y.z"])
    #expect(active.status == .success && active.output.joined().contains("whoever bears it"))
  }

  @Test("a token is asked for with the proof of a key, made for this call and this bearer token")
  func proof() async throws {
    let scene = Scene()
    let method = ApprovalsV1.GrantService.issueAccessToken
    try scene.services.answer(method, .init(accessToken: "x"))
    let file = scene.path("access.key")
    let key = SigningKey.generate()
    try key.save(to: file)
    let outcome = await run(scene, ["token", "issue", Example.grantID, "--key", file])
    #expect(outcome.status == .success)
    let request = try #require(try scene.services.requests(of: method).first)
    let proof = try DPoPProof(
      request.dpopProof, method: "POST", path: method.path, token: "t", at: Scene.now)
    #expect(proof.thumbprint == DPoPProof.thumbprint(of: key.publicKey))
  }
}
