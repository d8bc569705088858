internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// Where deadlines are told. Fakes stand in for approvals in tests.
protocol DeadlineTarget: Sendable {
  /// Tells that the deadline has come; returns once approvals has taken it in. Telling twice does
  /// no harm.
  func tell(_ deadline: Deadline) async throws(RPCError)
}

/// Tells approvals.
struct ApprovalsTarget: DeadlineTarget {
  let approvals: RPCClient

  func tell(_ deadline: Deadline) async throws(RPCError) {
    switch deadline.kind {
    case .stage(let stage):
      _ = try await approvals.unary(
        ApprovalsV1.DeadlineService.expireAccessRequest,
        .init(
          requestID: deadline.request.description, stage: UInt32(stage),
          deadline: .init(deadline.due)))
    case .grant(let grant):
      _ = try await approvals.unary(
        ApprovalsV1.DeadlineService.endGrant,
        .init(
          requestID: deadline.request.description, grantID: grant.description,
          deadline: .init(deadline.due)))
    }
  }
}
