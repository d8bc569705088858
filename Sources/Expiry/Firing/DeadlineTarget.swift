internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// Where deadlines are told. Fakes stand in for approvals in tests.
protocol DeadlineTarget: Sendable {
  /// Tells that the deadline has come; returns once approvals has taken it in. Telling twice does
  /// no harm.
  func tell(_ deadline: Deadline) async throws(RPCError) -> DeadlineOutcome

  /// Has approvals tell what is due to be told of an open stage; twice does no harm.
  /// - Returns: When to call again; nil: nothing is left before the deadline.
  func announce(_ stage: Int, of request: RequestID) async throws(RPCError) -> Timestamp?
}

/// What a deadline came to.
enum DeadlineOutcome: Hashable, Sendable {
  /// It ended the request or the grant, now or when it was told before.
  case ended
  /// It was met: something else came first, which approvals' feed is about to tell.
  case met
}

/// Tells approvals.
struct ApprovalsTarget: DeadlineTarget {
  let approvals: RPCClient

  func announce(_ stage: Int, of request: RequestID) async throws(RPCError) -> Timestamp? {
    let answer = try await approvals.unary(
      ApprovalsV1.DeadlineService.announceStage,
      .init(requestID: request.description, stage: UInt32(stage)))
    return Timestamp(answer.nextNoticeTime)
  }

  func tell(_ deadline: Deadline) async throws(RPCError) -> DeadlineOutcome {
    switch deadline.kind {
    case .stage(let stage):
      let answer = try await approvals.unary(
        ApprovalsV1.DeadlineService.expireAccessRequest,
        .init(
          requestID: deadline.request.description, stage: UInt32(stage),
          deadline: .init(deadline.due)))
      return answer.state == .expired ? .ended : .met
    case .grant(let grant):
      let answer = try await approvals.unary(
        ApprovalsV1.DeadlineService.endGrant,
        .init(
          requestID: deadline.request.description, grantID: grant.description,
          deadline: .init(deadline.due)))
      return answer.state == .ended ? .ended : .met
    }
  }
}
