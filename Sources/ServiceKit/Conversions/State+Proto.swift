public import Domain
public import LockboxProto

// The domain's raw values are the proto's numbers; a test compares them.

extension CommonV1.AccessRequestState {
  public init(_ state: RequestState.Name) {
    self.init(rawValue: state.rawValue)
  }
}

extension CommonV1.Decision {
  public init(_ decision: Decision, side: Side) {
    self.init(
      stage: UInt32(decision.stage), side: CommonV1.Side(rawValue: side.rawValue),
      verdict: CommonV1.Verdict(rawValue: decision.verdict.rawValue),
      approver: CommonV1.Subject(decision.approver), comment: decision.comment,
      decideTime: .init(decision.time), requestDigest: decision.digest.bytes,
      terms: decision.terms.map { .init($0) },
      signature: decision.signature.map { .init($0) },
      onBehalfOf: decision.isDelegated ? decision.seat : "", seat: decision.seat)
  }
}

extension CommonV1.ThreadEntry {
  public init(_ entry: ThreadEntry) {
    self.init(
      kind: CommonV1.ThreadEntryKind(rawValue: entry.kind.rawValue),
      author: CommonV1.Subject(entry.author), text: entry.text, time: .init(entry.time))
  }
}

extension CommonV1.Grant {
  public init(_ grant: Grant, of record: RequestRecord) {
    self.init(
      grantID: grant.id.description, requestID: record.request.id.description,
      tenantID: record.request.tenant.text, engineer: .init(record.request.engineer),
      scope: .init(grant.scope), startTime: .init(grant.start),
      endTime: .init(grant.end), requestDigest: record.request.digest.bytes,
      policyVersion: record.snapshot?.policyVersion ?? 0,
      breakGlass: record.request.isBreakGlass,
      extendsGrantID: record.request.extends?.description ?? "")
  }
}

extension CommonV1.Stage {
  public init(_ stage: Stage, approvals: Int) {
    self.init(
      name: stage.name, side: CommonV1.Side(rawValue: stage.side.rawValue),
      quorum: UInt32(stage.approvers.quorum), approvals: UInt32(approvals),
      lifetime: .init(stage.lifetime), requiresSignature: stage.requiresSignature,
      earlierApproversAllowed: stage.allowsEarlierApprovers,
      escalationAfter: stage.escalation.map { .init($0.after) })
  }
}
