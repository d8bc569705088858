internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import Testing
internal import Verification

@testable internal import CommandLine

@Suite("Evidence files")
struct EvidenceTests {
  private static let evidence = ApprovalsV1.GrantEvidence(
    accessRequest: [1, 2, 3],
    stages: [
      .init(name: "managers", side: .provider, quorum: 2),
      .init(name: "customer", side: .customer, quorum: 1, requiresSignature: true),
    ],
    decisions: [
      .init(
        stage: 1, verdict: .approve, approver: .init(issuer: "https://id.acme.test", id: "ana"),
        comment: "a \"b\"\n", requestDigest: Example.digest,
        terms: .init(
          scope: .init(resources: ["mailboxes/alice"], actions: [.read, .export]),
          duration: .init(seconds: 90, nanos: 500_000_000), startTime: Example.time(.hours(1))),
        signature: .init(
          keyID: Example.digest, signTime: Example.time(.milliseconds(250)), signature: [4],
          authenticatorData: [5], clientDataJson: [6], statement: [7, 8]))
    ],
    keys: [.init(approver: .init(issuer: "https://id.acme.test", id: "ana"), publicKey: [9])],
    grant: extendingGrant,
    receipt: .init(
      origin: "log.lockbox.test/acme", index: .max, entry: [10], inclusionProof: [[11], []],
      checkpoint: "a\nb\n"),
    longestAccess: .init(seconds: 14_400), extendedGrantEnd: Example.time(.minutes(3)))

  private static var extendingGrant: CommonV1.Grant {
    var grant = Example.grant
    grant.breakGlass = true
    grant.extendsGrantID = Example.requestID
    return grant
  }

  @Test("what evidence prints is read back whole")
  func roundTrip() async throws {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.GrantService.getGrantEvidence, .init(evidence: Self.evidence))
    let printed = await scene.run(["grant", "evidence", Example.grantID])
    #expect(printed.status == .success)
    let text = try #require(printed.output.first)
    #expect(try EvidenceFile.read(Array(text.utf8)) == Self.evidence)
  }

  @Test("evidence that proves nothing is refused, and tells what does not hold")
  func refused() async throws {
    let scene = Scene()
    scene.write(try ProtobufJSON.encode(Self.evidence), to: "evidence.json")
    let outcome = await scene.run(["grant", "verify", scene.path("evidence.json")])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.last?.contains("does not hold") == true)
  }

  @Test(
    "a file that is no evidence is told apart from evidence that does not hold",
    arguments: ["", "{}", "[]", #"{"accessRequest": 1}"#])
  func malformed(_ text: String) async throws {
    let scene = Scene()
    scene.write(text, to: "evidence.json")
    #expect(await scene.run(["grant", "verify", scene.path("evidence.json")]).status == .data)
    #expect(await scene.run(["grant", "verify", scene.path("none.json")]).status == .data)
  }
}
