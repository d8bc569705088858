internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// `lockbox.approvals.v1.DeadlineService`: expiry tells that a deadline has come, and the state
/// machine compares the clock itself.
struct DeadlineHandlers: Sendable {
  let desk: Desk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.DeadlineService.expireAccessRequest, expire)
    router.unary(ApprovalsV1.DeadlineService.endGrant, endGrant)
  }

  private func expire(
    _ request: ApprovalsV1.ExpireAccessRequestRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ExpireAccessRequestResponse {
    let state = try await apply(
      .expire(stage: Int(request.stage)), to: request.requestID, in: context)
    return .init(state: state)
  }

  private func endGrant(
    _ request: ApprovalsV1.EndGrantRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.EndGrantResponse {
    .init(state: try await apply(.endGrant, to: request.requestID, in: context))
  }

  private func apply(
    _ event: RequestEvent, to id: String, in context: ServerContext
  ) async throws -> CommonV1.AccessRequestState {
    let origin = EventOrigin(try context.caller(), in: context)
    do {
      let stored = try await desk.store.write { transaction in
        guard let id = RequestID(id), let stored = try transaction.request(id) else {
          throw RPCError.notFound("access request")
        }
        return try transaction.apply(event, to: stored, origin: origin)
      }
      return .init(stored.record.state.name)
    } catch let error as RequestRefused {
      throw RPCError.refused(error.refusal, state: error.state)
    }
  }
}
