public import Domain
internal import DomainProto
public import LockboxProto
public import MerkleLog
internal import ProtobufC
internal import SignedStatement
internal import StandardProto

/// A grant in a sample log.
public struct SampleGrant: Sendable {
  public let id: String
  public let request: String
  /// Of its approval.
  public let entry: UInt64
  /// Without the receipt.
  public let evidence: ApprovalsV1.GrantEvidence

  /// Of which no log tells.
  public static let stray = SampleGrant(
    id: "019aa000-0000-7000-8000-ffffffffffff", request: "", entry: 0, evidence: .init())
}

extension SampleLog {
  private static let approverKey = SigningKey(seed: [UInt8](repeating: 5, count: 32))!

  private static let stages: [CommonV1.Stage] = [
    .init(name: "managers", side: .provider, quorum: 2),
    .init(name: "customer", side: .customer, quorum: 1, requiresSignature: true),
  ]

  private static let breakGlassStages: [CommonV1.Stage] = [
    .init(name: "emergency", side: .provider, quorum: 2)
  ]

  /// A request from its submission to its approval, in a minute for each step.
  ///
  /// - Parameters:
  ///   - start: of the access, after the approval; nil: with it.
  /// - Returns: its grant.
  @discardableResult
  public mutating func grant(
    for duration: Duration = .hours(2), start: Timestamp? = nil, isBreakGlass: Bool = false,
    justification: String = "Mail loops for Alice"
  ) -> SampleGrant {
    let request = newID()
    let asked = CommonV1.AccessRequest(
      requestID: request, tenantID: Self.tenant, workload: "exchange",
      engineer: Self.subject("erin"), reasonCode: .customerInitiatedSupport,
      justification: justification, ticket: "T-1",
      scope: .init(resources: ["mailboxes/alice", "mailboxes/bob"], actions: [.read]),
      duration: .init(duration), receiveTime: .init(now), breakGlass: isBreakGlass)
    let bytes: [UInt8]
    do { bytes = try asked.serialized() } catch { fatalError("\(error)") }
    let stages = isBreakGlass ? Self.breakGlassStages : Self.stages
    let digest = SHA256.hash(bytes).bytes
    append(
      .accessRequestReceived(.init(accessRequest: bytes, requestDigest: digest)), request: request,
      feed: "intake", by: "erin", role: "engineer")
    wait(.minutes(1))
    append(
      .accessRequestOpened(.init(requestDigest: digest, workload: "exchange", stages: stages)),
      request: request)
    let terms = start.map { Terms(scope: Scope(asked.scope)!, duration: duration, start: $0) }
    var decisions: [CommonV1.Decision] = []
    for (approver, stage) in zip(["max", "mia", "ana"], isBreakGlass ? [0, 0] : [0, 0, 1]) {
      wait(.minutes(1))
      decisions.append(
        decision(
          by: approver, stage, on: request, digest, asked,
          narrowing: approver == "max" ? terms : nil, standing: terms))
      append(
        .decisionRecorded(.init(decision: decisions.last)), request: request, by: approver,
        role: stage == 0 ? "manager" : "approver")
    }
    let begin = max(start ?? now, now)
    let grant = CommonV1.Grant(
      grantID: newID(), requestID: request, tenantID: Self.tenant, engineer: asked.engineer,
      scope: asked.scope, startTime: .init(begin), endTime: .init(begin + duration),
      requestDigest: digest, policyVersion: 1, breakGlass: isBreakGlass)
    let entry = append(.accessRequestApproved(.init(grant: grant)), request: request)
    if isBreakGlass {
      append(
        .breakGlassUsed(.init(grant: grant, contacts: ["security@acme.test"])), request: request)
    }
    let key = ApproverPublicKey(Self.approverKey.publicKey)
    let evidence = ApprovalsV1.GrantEvidence(
      accessRequest: bytes, stages: stages, decisions: decisions,
      keys: isBreakGlass
        ? []
        : [.init(keyID: key.id.bytes, approver: Self.subject("ana"), publicKey: key.der)],
      grant: grant, longestAccess: .init(.hours(8)))
    grants.append(
      SampleGrant(id: grant.grantID, request: request, entry: entry, evidence: evidence))
    return grants[grants.count - 1]
  }

  private func decision(
    by approver: String, _ stage: Int, on request: String, _ digest: [UInt8],
    _ asked: CommonV1.AccessRequest, narrowing narrowed: Terms?, standing: Terms?
  ) -> CommonV1.Decision {
    var decision = CommonV1.Decision(
      stage: UInt32(stage), side: stage == 0 ? .provider : .customer, verdict: .approve,
      approver: Self.subject(approver), comment: "agreed", decideTime: .init(now),
      requestDigest: digest, terms: narrowed.map { .init($0) }, seat: approver)
    guard stage == 1 else { return decision }
    let terms = standing ?? Terms(scope: Scope(asked.scope)!, duration: Duration(asked.duration)!)
    do {
      let statement = try Statement.decision(
        .approve, stage: stage, on: RequestID(request)!, of: TenantID(Self.tenant)!,
        digest: Digest(digest)!, by: Subject(Self.subject(approver)), comment: "agreed",
        terms: terms, at: now)
      decision.signature = .init(
        keyID: ApproverPublicKey(Self.approverKey.publicKey).id.bytes, signTime: .init(now),
        signature: Self.approverKey.sign(statement), statement: statement)
    } catch { fatalError("\(error)") }
    return decision
  }

  /// - Returns: the entry's index.
  @discardableResult
  public mutating func issueToken(
    for grant: SampleGrant, lifetime: Duration = .minutes(10)
  ) -> UInt64 {
    append(
      .accessTokenIssued(
        .init(grantID: grant.id, tokenID: newID(), expireTime: .init(now + lifetime))),
      request: grant.request, by: "erin", role: "engineer")
  }

  public mutating func revoke(_ grant: SampleGrant) {
    append(
      .grantRevoked(.init(grantID: grant.id, comment: "enough")), request: grant.request,
      by: "ana", role: "approver")
  }

  public mutating func end(_ grant: SampleGrant) {
    append(
      .deadlineFired(.init(kind: .grant, deadline: .init(now), grantID: grant.id)),
      request: grant.request, feed: "expiry")
    append(.grantEnded(.init(grantID: grant.id, reason: .windowEnded)), request: grant.request)
  }

  /// A request that somebody denies.
  public mutating func denial() {
    let request = newID()
    append(
      .accessRequestReceived(.init(accessRequest: [], requestDigest: [])), request: request,
      feed: "intake", by: "erin", role: "engineer")
    wait(.minutes(1))
    append(
      .decisionRecorded(
        .init(
          decision: .init(
            verdict: .deny, approver: Self.subject("max"), comment: "<b>no</b>\u{202E}on"))),
      request: request, by: "max", role: "manager")
    append(.accessRequestDenied(.init(reason: "DECISION")), request: request)
  }

  /// Two weeks with a denial, an access that ended, one that was revoked, a break-glass access, and
  /// days between them on which nothing happened.
  public static func fortnight(key: SigningKey? = nil) -> SampleLog {
    var log = SampleLog(key: key)
    log.append(.tenantApplied(.init(version: 1)), by: "adam", role: "admin")
    log.wait(.hours(12))
    log.denial()
    log.wait(.hours(36))
    let first = log.grant()
    log.wait(.minutes(5))
    log.issueToken(for: first)
    log.wait(.hours(2))
    log.end(first)
    log.wait(.hours(72))
    let second = log.grant(
      for: .hours(4), justification: "A <script>alert(1)</script> in \u{202E}it")
    log.wait(.minutes(5))
    log.issueToken(for: second)
    log.wait(.minutes(3))
    log.revoke(second)
    log.wait(.hours(48))
    let third = log.grant(for: .minutes(30), isBreakGlass: true)
    log.issueToken(for: third)
    log.wait(.hours(1))
    log.end(third)
    log.wait(.hours(96))
    log.denial()
    return log
  }
}
