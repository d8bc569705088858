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
    router.unary(ApprovalsV1.DeadlineService.announceStage, announce)
  }

  private func expire(
    _ request: ApprovalsV1.ExpireAccessRequestRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ExpireAccessRequestResponse {
    let stored = try await change(request.requestID, in: context) { transaction, stored, origin in
      try transaction.apply(.expire(stage: Int(request.stage)), to: stored, origin: origin)
    }
    return .init(state: .init(stored.record.state.name))
  }

  private func endGrant(
    _ request: ApprovalsV1.EndGrantRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.EndGrantResponse {
    let stored = try await change(request.requestID, in: context) { transaction, stored, origin in
      try transaction.apply(.endGrant, to: stored, origin: origin)
    }
    return .init(state: .init(stored.record.state.name))
  }

  private func announce(
    _ request: ApprovalsV1.AnnounceStageRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.AnnounceStageResponse {
    let stage = Int(request.stage)
    let stored = try await change(request.requestID, in: context) { transaction, stored, origin in
      try transaction.announce(stage, of: stored, origin: origin)
    }
    let isOpen = stored.record.state.openStage?.index == stage
    return .init(
      state: .init(stored.record.state.name),
      nextNoticeTime: isOpen ? stored.record.nextNoticeTime.map { .init($0) } : nil)
  }

  private func change(
    _ id: String, in context: ServerContext,
    _ body:
      @escaping @Sendable (any ApprovalsTransaction, StoredRequest, EventOrigin) throws ->
      StoredRequest
  ) async throws -> StoredRequest {
    let origin = EventOrigin(try context.caller(), in: context)
    do {
      return try await desk.store.write { transaction in
        guard let id = RequestID(id), let stored = try transaction.request(id) else {
          throw RPCError.notFound("access request")
        }
        return try body(transaction, stored, origin)
      }
    } catch let error as RequestRefused {
      throw RPCError.refused(error.refusal, state: error.state)
    }
  }
}
