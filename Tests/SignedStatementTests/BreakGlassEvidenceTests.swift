internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import SignedStatement

/// What evidence says of grants that the customer did not approve, or approved as an extension.
struct BreakGlassEvidenceTests {
  private static func findings(
    _ evidence: ApprovalsV1.GrantEvidence, accepting: Bool = false, demanding: Bool = false
  ) -> [EvidenceFinding] {
    GrantEvidenceVerifier(
      log: GrantEvidenceTests.verifier, trustedKeys: nil, relyingParty: nil,
      demandsSignatures: demanding, acceptsBreakGlass: accepting
    ).verify(evidence)
  }

  private static func bad(
    _ evidence: ApprovalsV1.GrantEvidence, accepting: Bool = false, demanding: Bool = false
  ) -> [EvidenceFinding.Subject] {
    findings(evidence, accepting: accepting, demanding: demanding)
      .filter { !$0.holds }.map(\.subject)
  }

  /// The same request asked otherwise, with every digest that follows from it.
  private static func asked(
    _ evidence: inout ApprovalsV1.GrantEvidence,
    _ change: (inout CommonV1.AccessRequest) -> Void
  ) throws {
    var asked = try CommonV1.AccessRequest(serialized: evidence.accessRequest)
    change(&asked)
    evidence.accessRequest = try asked.serialized()
    let digest = SHA256.hash(evidence.accessRequest).bytes
    evidence.grant?.requestDigest = digest
    for index in evidence.decisions.indices { evidence.decisions[index].requestDigest = digest }
  }

  /// What two managers gave for half an hour.
  private static func breakGlass(
    _ change: (inout ApprovalsV1.GrantEvidence) throws -> Void = { _ in }
  ) throws -> ApprovalsV1.GrantEvidence {
    try GrantEvidenceTests.evidence { evidence in
      try asked(&evidence) { $0.breakGlass = true }
      evidence.stages = [.init(name: "break-glass", side: .provider, quorum: 2)]
      evidence.decisions.removeLast()
      evidence.keys = []
      evidence.longestAccess = .init(seconds: 1_800)
      evidence.grant?.breakGlass = true
      evidence.grant?.scope = .init(resources: ["mailboxes/alice"], actions: [.read, .export])
      evidence.grant?.endTime = GrantEvidenceTests.time(
        GrantEvidenceTests.start + .minutes(30))
      try change(&evidence)
    }
  }

  @Test("break-glass holds for whoever takes it as that, and is never the customer's approval")
  func breakGlass() throws {
    let evidence = try Self.breakGlass()
    #expect(Self.bad(evidence) == [.customer])
    #expect(Self.bad(evidence, demanding: true) == [.customer])
    #expect(Self.bad(evidence, accepting: true) == [])
    let problem = Self.findings(evidence).first { !$0.holds }?.problem
    #expect(problem?.contains("did not approve") == true)
  }

  @Test("break-glass that hides, and approvals that call themselves so, are found")
  func hidden() throws {
    let hidden = try Self.breakGlass { $0.grant?.breakGlass = false }
    #expect(Self.bad(hidden, accepting: true) == [.request])
    let called = try GrantEvidenceTests.evidence { $0.grant?.breakGlass = true }
    #expect(Self.bad(called, accepting: true) == [.request])
    let unasked = try Self.breakGlass { evidence in
      try Self.asked(&evidence) { $0.breakGlass = false }
    }
    #expect(Self.bad(unasked, accepting: true) == [.request])
  }

  @Test("break-glass beyond its rules is found, whoever takes it")
  func beyond() throws {
    let alone = try Self.breakGlass {
      $0.stages[0].quorum = 1
      $0.decisions.removeLast()
    }
    #expect(Self.bad(alone, accepting: true) == [.customer])
    let long = try Self.breakGlass {
      $0.longestAccess = .init(seconds: 7_200)
      $0.grant?.endTime = GrantEvidenceTests.time(GrantEvidenceTests.start + .hours(2))
    }
    #expect(Self.bad(long, accepting: true) == [.customer])
  }

  @Test("where lockbox is off nobody of the customer's is missed, unless they are demanded")
  func lockboxOff() throws {
    let evidence = try GrantEvidenceTests.evidence { evidence in
      evidence.stages.removeLast()
      evidence.decisions.removeLast()
      evidence.grant?.scope = .init(resources: ["mailboxes/alice"], actions: [.read, .export])
      evidence.grant?.endTime = GrantEvidenceTests.time(GrantEvidenceTests.start + .hours(2))
    }
    #expect(Self.bad(evidence) == [])
    #expect(Self.bad(evidence, demanding: true) == [.customer])
  }

  @Test("an extension begins where the grant ends that it continues, and both say which")
  func extensions() throws {
    let earlier = "019aa000-0000-7000-8000-00000000000e"
    func evidence(start: Duration, end: Duration?) throws -> ApprovalsV1.GrantEvidence {
      try GrantEvidenceTests.evidence { evidence in
        try Self.asked(&evidence) { $0.extendsGrantID = earlier }
        evidence.stages.removeLast()
        evidence.decisions.removeLast()
        evidence.extendedGrantEnd = end.map {
          GrantEvidenceTests.time(GrantEvidenceTests.start + $0)
        }
        evidence.grant?.extendsGrantID = earlier
        evidence.grant?.scope = .init(resources: ["mailboxes/alice"], actions: [.read, .export])
        evidence.grant?.startTime = GrantEvidenceTests.time(GrantEvidenceTests.start + start)
        evidence.grant?.endTime = GrantEvidenceTests.time(
          GrantEvidenceTests.start + start + .hours(2))
      }
    }
    #expect(try Self.bad(evidence(start: .hours(1), end: .hours(1))) == [])
    #expect(try Self.bad(evidence(start: .zero, end: .hours(1))) == [.terms])
    #expect(try Self.bad(evidence(start: .hours(1), end: nil)) == [.request])
  }
}
