internal import Domain
internal import LockboxProto
internal import ServiceKit

extension RequestEffect {
  /// What the feed tells of this effect; `record` is the request after the transition.
  func payload(of record: RequestRecord, comment: String) -> EventV1.Event.Payload {
    switch self {
    case .opened(let snapshot):
      .accessRequestOpened(
        .init(
          requestDigest: record.request.digest.bytes, workload: record.request.workload.text,
          policyVersion: snapshot.policyVersion, tenantVersion: snapshot.tenantVersion,
          stages: snapshot.stages.map { .init($0, approvals: 0) },
          policyRule: snapshot.rule ?? ""))
    case .breakGlassOpened(let breakGlass):
      .breakGlassOpened(
        .init(
          engineer: .init(record.request.engineer),
          reasonCode: .init(rawValue: record.request.reason.rawValue),
          scope: .init(record.request.scope), contacts: breakGlass.contacts))
    case .breakGlassUsed(let grant, let review, let breakGlass):
      .breakGlassUsed(
        .init(
          grant: .init(grant, of: record), reviewDueTime: .init(review.due),
          contacts: breakGlass.contacts))
    case .reviewClosed(let grant, let review):
      .breakGlassReviewClosed(
        .init(grantID: grant.id.description, review: .init(review)))
    case .stageOpened(let index, let deadline):
      .stageOpened(record.stageOpened(index, deadline: deadline))
    case .decided(let decision):
      .decisionRecorded(
        .init(decision: .init(decision, side: record.side(of: decision.stage))))
    case .said(let entry):
      .threadEntryAdded(.init(entry: .init(entry)))
    case .announced(let notice, let index, let deadline, let available):
      record.payload(of: notice, index, deadline: deadline, available: available)
    case .approved(let grant):
      .accessRequestApproved(.init(grant: .init(grant, of: record)))
    case .denied(let stage, let reason):
      .accessRequestDenied(.init(stage: UInt32(stage), reason: reason.rawValue))
    case .expired(let stage, let deadline):
      .accessRequestExpired(.init(stage: UInt32(stage), deadline: .init(deadline)))
    case .withdrawn:
      .accessRequestWithdrawn(.init(comment: comment))
    case .revoked(let grant):
      .grantRevoked(.init(grantID: grant.id.description, comment: comment))
    case .ended(let grant, let reason):
      .grantEnded(
        .init(grantID: grant.id.description, reason: EventV1.EndReason(rawValue: reason.rawValue)))
    }
  }
}

extension RequestRecord {
  func side(of stage: Int) -> Side {
    guard let stages = snapshot?.stages, stages.indices.contains(stage) else {
      preconditionFailure("a decision at a stage that the snapshot does not have")
    }
    return stages[stage].side
  }

  fileprivate func stageOpened(_ index: Int, deadline: Timestamp) -> EventV1.StageOpened {
    guard let stage = snapshot?.stages[index] else {
      preconditionFailure("a stage without a snapshot")
    }
    return EventV1.StageOpened(
      stage: UInt32(index), side: CommonV1.Side(rawValue: stage.side.rawValue), name: stage.name,
      quorum: UInt32(stage.approvers.quorum), deadline: .init(deadline),
      nextNoticeTime: nextNoticeTime.map { .init($0) })
  }
}
