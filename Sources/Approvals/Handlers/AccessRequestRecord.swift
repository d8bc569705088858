internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit

extension ApprovalsV1.AccessRequestRecord {
  /// The request as everybody must see it at `now`.
  init(_ stored: StoredRequest, at now: Timestamp) throws {
    let record = stored.record
    let state = record.state(at: now)
    // What is over by its deadline alone was last changed by that.
    let isOverdue = state != record.state.name
    let updateTime = isOverdue ? record.deadline : stored.updateTime
    let stages = record.snapshot?.stages ?? []
    self.init(
      accessRequest: try CommonV1.AccessRequest(serialized: stored.accessRequest),
      requestDigest: record.request.digest.bytes, state: .init(state),
      stages: stages.enumerated().map { index, stage in
        .init(stage, approvals: record.approvals(at: index))
      },
      openStage: UInt32(record.state.openStage?.index ?? 0),
      deadline: record.deadline.map { .init($0) },
      decisions: record.decisions.map { .init($0, side: record.side(of: $0.stage)) },
      grant: record.grant.map { .init($0, of: record) },
      policyVersion: record.snapshot?.policyVersion ?? 0,
      tenantVersion: record.snapshot?.tenantVersion ?? 0,
      updateTime: updateTime.map { .init($0) }, terms: .init(record.terms),
      thread: record.thread.map { .init($0) }, policyRule: record.snapshot?.rule ?? "",
      review: record.review.map { .init($0) },
      extendedGrantEnd: record.extended.map { .init($0.end) },
      denialReason: record.denial?.rawValue ?? "")
  }
}

extension ApprovalsV1.GrantRecord {
  /// Nil for a request that was never approved.
  init?(_ stored: StoredRequest, at now: Timestamp) {
    guard let grant = stored.record.grant else { return nil }
    self.init(
      grant: .init(grant, of: stored.record), state: .init(stored.record.state(at: now)))
  }
}
