internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import SignedStatement

/// Evidence of a grant that two managers and a signing customer approved, and all that can be
/// wrong with it.
struct GrantEvidenceTests {
  private static let log = SigningKey(seed: [UInt8](repeating: 1, count: 32))!
  private static let key = SigningKey(seed: [UInt8](repeating: 2, count: 32))!
  static let start = Timestamp(rfc3339: "2026-11-21T12:00:00Z")!
  private static let tenant = TenantID("acme")!
  private static let request = RequestID("019aa000-0000-7000-8000-000000000001")!
  private static let engineer = CommonV1.Subject(issuer: "https://id.provider.test", id: "erin")
  private static let ana = Subject(issuer: "https://id.acme.test", id: "ana")
  private static let narrowed = Terms(
    scope: Scope(resources: ["mailboxes/alice/inbox"], actions: [.read]), duration: .hours(1))

  static var verifier: NoteVerifier {
    NoteVerifier(name: KeyName("log.test/acme")!, key: log.publicKey)
  }

  static func time(_ moment: Timestamp) -> GoogleProtobuf.Timestamp {
    .init(nanosecondsSinceEpoch: moment.nanoseconds)
  }

  private static func message(_ terms: Terms) -> CommonV1.Terms {
    .init(
      scope: .init(
        resources: terms.scope.resources,
        actions: terms.scope.actions.map { .init(rawValue: $0.rawValue) }),
      duration: .init(terms.duration))
  }

  private static func manager(_ id: String, _ digest: [UInt8]) -> CommonV1.Decision {
    .init(
      stage: 0, side: .provider, verdict: .approve,
      approver: .init(issuer: "https://id.provider.test", id: id), requestDigest: digest)
  }

  private static func customer(
    _ digest: [UInt8], terms: Terms? = narrowed, signs signed: Terms = narrowed,
    with key: SigningKey = key, onBehalfOf holder: String? = nil
  ) throws -> CommonV1.Decision {
    let statement = try Statement.decision(
      .approve, stage: 1, on: request, of: tenant, digest: Digest(digest)!, by: ana,
      onBehalfOf: holder, comment: "inbox only", terms: signed, at: start)
    return .init(
      stage: 1, side: .customer, verdict: .approve,
      approver: .init(issuer: ana.issuer, id: ana.id), comment: "inbox only",
      requestDigest: digest, terms: terms.map(message),
      signature: .init(
        keyID: ApproverPublicKey(key.publicKey).id.bytes, signTime: time(start),
        signature: key.sign(statement), statement: statement),
      onBehalfOf: holder ?? "", seat: holder ?? ana.id)
  }

  /// - Parameter change: what is done to the evidence before the log holds its approval.
  static func evidence(
    _ change: (inout ApprovalsV1.GrantEvidence) throws -> Void = { _ in }
  ) throws -> ApprovalsV1.GrantEvidence {
    let asked = try CommonV1.AccessRequest(
      requestID: request.description, tenantID: tenant.text, workload: "exchange",
      engineer: engineer, reasonCode: .customerInitiatedSupport, justification: "Mail loops",
      scope: .init(resources: ["mailboxes/alice"], actions: [.read, .export]),
      duration: .init(seconds: 7_200), receiveTime: time(start)
    ).serialized()
    let digest = SHA256.hash(asked).bytes
    var evidence = ApprovalsV1.GrantEvidence(
      accessRequest: asked,
      stages: [
        .init(name: "managers", side: .provider, quorum: 2),
        .init(name: "customer", side: .customer, quorum: 1, requiresSignature: true),
      ],
      decisions: [manager("max", digest), manager("mia", digest), try customer(digest)],
      keys: [
        .init(
          approver: .init(issuer: ana.issuer, id: ana.id),
          publicKey: ApproverPublicKey(key.publicKey).der)
      ],
      grant: .init(
        grantID: "019aa000-0000-7000-8000-000000000002", requestID: request.description,
        tenantID: tenant.text, engineer: engineer, scope: message(narrowed).scope,
        startTime: time(start), endTime: time(start + .hours(1)), requestDigest: digest),
      longestAccess: .init(seconds: 14_400))
    try change(&evidence)
    try seal(&evidence)
    return evidence
  }

  /// Puts the approval of the evidence's grant into a log of one entry.
  private static func seal(_ evidence: inout ApprovalsV1.GrantEvidence) throws {
    let entry = try EventV1.Event(
      feed: "approvals", sequence: 1, eventID: "019aa000-0000-7000-8000-000000000003",
      tenantID: tenant.text, payload: .accessRequestApproved(.init(grant: evidence.grant))
    ).serialized()
    let name = KeyName("log.test/acme")!
    let checkpoint = Checkpoint(origin: name, size: 1, root: Hash.leaf(entry))
    evidence.receipt = .init(
      origin: name.rawValue, index: 0, entry: entry,
      checkpoint: try checkpoint.signed(by: [NoteSigner(name: name, key: log)]).serialized)
  }

  private func findings(
    _ evidence: ApprovalsV1.GrantEvidence, trusting keys: Set<ApproverKeyID>? = nil,
    demanding: Bool = false
  ) -> [EvidenceFinding] {
    GrantEvidenceVerifier(
      log: Self.verifier, trustedKeys: keys, relyingParty: nil, demandsSignatures: demanding
    ).verify(evidence)
  }

  private func problems(_ evidence: ApprovalsV1.GrantEvidence) -> [EvidenceFinding.Subject] {
    findings(evidence).filter { !$0.holds }.map(\.subject)
  }

  @Test("a delegate's signature binds the seat, and a seat counts once")
  func delegates() throws {
    let lent = try Self.evidence { evidence in
      evidence.decisions[2] = try Self.customer(
        evidence.decisions[2].requestDigest, onBehalfOf: "abe")
    }
    #expect(problems(lent).isEmpty)
    // Signed for one seat, counted on another, or as the own one.
    for seat in ["", "zoe"] {
      let moved = try Self.evidence { evidence in
        evidence.decisions[2] = try Self.customer(
          evidence.decisions[2].requestDigest, onBehalfOf: "abe")
        evidence.decisions[2].onBehalfOf = seat
      }
      #expect(problems(moved) == [.signature(2)])
    }
    let twice = try Self.evidence { evidence in
      let digest = evidence.decisions[2].requestDigest
      evidence.stages[1].quorum = 2
      evidence.decisions[2] = try Self.customer(digest, onBehalfOf: "abe")
      var second = try Self.customer(digest)
      second.approver = .init(issuer: Self.ana.issuer, id: "abe")
      second.seat = "abe"
      evidence.decisions.append(second)
    }
    #expect(problems(twice).contains(.stage(1)))
  }

  @Test("one person at two stages holds only where the later stage allows it")
  func earlierApprovers() throws {
    for isAllowed in [false, true] {
      let evidence = try Self.evidence { evidence in
        evidence.stages.insert(
          .init(name: "again", side: .provider, quorum: 1, earlierApproversAllowed: isAllowed),
          at: 0)
        for index in evidence.decisions.indices { evidence.decisions[index].stage += 1 }
        // The first stage's is max, who decides at the second one too.
        evidence.stages.swapAt(0, 1)
        evidence.decisions[0].stage = 0
        evidence.decisions[1].stage = 0
        var again = evidence.decisions[0]
        again.stage = 1
        evidence.decisions.insert(again, at: 2)
        evidence.decisions[3].signature = nil
        evidence.stages[2].requiresSignature = false
      }
      #expect(problems(evidence) == (isAllowed ? [] : [.terms]))
    }
  }

  @Test("honest evidence holds, whoever's keys are trusted")
  func honest() throws {
    let evidence = try Self.evidence()
    let own = ApproverPublicKey(Self.key.publicKey).id
    for keys in [nil, [own]] as [Set<ApproverKeyID>?] {
      let found = findings(evidence, trusting: keys, demanding: true)
      #expect(found.allSatisfy { $0.holds }, "\(found)")
      #expect(
        found.map(\.subject) == [
          .request, .receipt, .stage(0), .stage(1), .customer, .signature(2), .terms,
        ])
    }
  }

  typealias Change = @Sendable (inout ApprovalsV1.GrantEvidence) throws -> Void

  static let forgeries: [(String, EvidenceFinding.Subject, Change)] = [
    ("other bytes of the request", .request, { $0.accessRequest[10] ^= 1 }),
    (
      "another tenant's grant", .request,
      { $0.grant?.tenantID = "globex" }
    ),
    ("another engineer's grant", .request, { $0.grant?.engineer?.id = "emil" }),
    ("a manager's decision on another digest", .request, { $0.decisions[0].requestDigest[0] ^= 1 }),
    ("one manager", .stage(0), { $0.decisions.remove(at: 0) }),
    (
      "one manager twice", .stage(0),
      { $0.decisions[1] = $0.decisions[0] }
    ),
    ("the engineer as manager", .stage(0), { $0.decisions[1].approver = Self.engineer }),
    ("a denial", .stage(0), { $0.decisions[0].verdict = .deny }),
    ("a quorum of none", .stage(1), { $0.stages[1].quorum = 0 }),
    ("the customer left out", .stage(1), { $0.decisions.remove(at: 2) }),
    ("no signature", .signature(2), { $0.decisions[2].signature = nil }),
    ("another comment", .signature(2), { $0.decisions[2].comment = "all of it" }),
    (
      "another approver", .signature(2),
      { $0.decisions[2].approver?.id = "abe" }
    ),
    ("an unknown key", .signature(2), { $0.keys = [] }),
    ("a key of another person", .signature(2), { $0.keys[0].approver?.id = "abe" }),
    (
      "a bit of the signature", .signature(2),
      { $0.decisions[2].signature?.signature[5] ^= 4 }
    ),
    (
      "a statement changed with the decision", .signature(2),
      {
        let statement = try Statement.decision(
          .approve, stage: 1, on: Self.request, of: Self.tenant,
          digest: Digest($0.decisions[2].requestDigest)!, by: Self.ana, comment: "all of it",
          terms: Self.narrowed, at: Self.start)
        $0.decisions[2].comment = "all of it"
        $0.decisions[2].signature?.statement = statement
      }
    ),
    (
      "terms wider than were signed", .signature(2),
      {
        let wide = Terms(
          scope: Scope(resources: ["mailboxes/alice"], actions: [.read, .export]),
          duration: .hours(2))
        $0.decisions[2].terms = Self.message(wide)
        $0.grant?.scope = Self.message(wide).scope
        $0.grant?.endTime = Self.time(Self.start + .hours(2))
      }
    ),
    (
      "a wider grant", .terms,
      { $0.grant?.scope?.resources = ["mailboxes/alice"] }
    ),
    ("a longer grant", .terms, { $0.grant?.endTime = Self.time(Self.start + .hours(2)) }),
  ]

  @Test("every forgery is found where it lies", arguments: forgeries.indices)
  func forged(_ index: Int) throws {
    let (name, subject, change) = Self.forgeries[index]
    let evidence = try Self.evidence(change)
    let bad = findings(evidence).filter { !$0.holds }.map(\.subject)
    #expect(bad.contains(subject) || bad == [.request], "\(name): \(bad)")
    #expect(!bad.isEmpty, "\(name)")
  }

  @Test("a log that holds another approval, or another key's log, is found")
  func receipts() throws {
    var evidence = try Self.evidence()
    let other = try Self.evidence { $0.grant?.grantID = "019aa000-0000-7000-8000-000000000009" }
    evidence.receipt = other.receipt
    #expect(findings(evidence).first { !$0.holds }?.subject == .receipt)
    evidence.receipt = nil
    #expect(findings(evidence).first { !$0.holds }?.subject == .receipt)
    let stranger = GrantEvidenceVerifier(
      log: NoteVerifier(name: KeyName("log.test/acme")!, key: SigningKey.generate().publicKey),
      trustedKeys: nil, relyingParty: nil, demandsSignatures: false)
    #expect(
      stranger.verify(try Self.evidence()).first { !$0.holds }?.subject == .receipt)
  }

  @Test("an approvals service that forges key and signature is found by whoever trusts keys")
  func forgedKey() throws {
    let forged = SigningKey.generate()
    let evidence = try Self.evidence {
      $0.keys[0].publicKey = ApproverPublicKey(forged.publicKey).der
      $0.decisions[2] = try Self.customer($0.decisions[2].requestDigest, with: forged)
    }
    #expect(findings(evidence).allSatisfy { $0.holds })
    let own = ApproverPublicKey(Self.key.publicKey).id
    #expect(
      findings(evidence, trusting: [own]).filter { !$0.holds }.map(\.subject) == [.signature(2)])
  }

  @Test("signatures can be demanded even where the snapshot did not")
  func demanded() throws {
    let evidence = try Self.evidence {
      $0.stages[1].requiresSignature = false
      $0.decisions[2].signature = nil
    }
    #expect(findings(evidence).allSatisfy { $0.holds })
    #expect(
      findings(evidence, demanding: true).filter { !$0.holds }.map(\.subject) == [.signature(2)])
  }

  @Test("evidence with nothing in it holds nothing")
  func empty() {
    #expect(findings(.init()).contains { !$0.holds })
  }
}
