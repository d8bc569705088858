internal import Domain
internal import RPC
internal import ServiceKit

/// What every handler of approvals works with: the store, the time, and who may see what.
struct Desk: Sendable {
  let store: any ApprovalsStore
  let clock: any WallClock
  let lifetimes: LifetimeRules

  /// The moment to show things at: never before one that a durable write has seen.
  var now: Timestamp {
    var mark = store.timeMark
    return mark.observe(clock.now()).now
  }

  /// Changes the request with `id`, if the caller may see it. `event` is made within the
  /// transaction, once it is known that there is something to change.
  /// - Throws: `notFound` for missing and foreign alike (I6); what the state machine refuses.
  func change(
    _ id: RequestID?, by caller: Caller, in context: ServerContext, comment: String = "",
    _ event: @escaping @Sendable (StoredRequest, any ApprovalsTransaction) throws -> RequestEvent
  ) async throws -> StoredRequest {
    guard let id else { throw RPCError.notFound("access request") }
    return try await change(
      by: caller, in: context, comment: comment, kind: "access request",
      find: { try $0.request(id) }, event: event)
  }

  /// Changes the request of the grant with `id`, if the caller may see it.
  func change(
    grant id: GrantID?, by caller: Caller, in context: ServerContext, comment: String = "",
    _ event: RequestEvent
  ) async throws -> StoredRequest {
    guard let id else { throw RPCError.notFound("grant") }
    return try await change(
      by: caller, in: context, comment: comment, kind: "grant",
      find: { try $0.request(ofGrant: id) }, event: { _, _ in event })
  }

  private func change(
    by caller: Caller, in context: ServerContext, comment: String, kind: StaticString,
    find: @escaping @Sendable (any ApprovalsTransaction) throws -> StoredRequest?,
    event: @escaping @Sendable (StoredRequest, any ApprovalsTransaction) throws -> RequestEvent
  ) async throws -> StoredRequest {
    let origin = EventOrigin(caller, in: context)
    do {
      return try await store.write { transaction in
        guard let stored = try find(transaction), stored.isVisible(to: caller) else {
          throw RPCError.notFound(kind)
        }
        return try transaction.apply(
          try event(stored, transaction), to: stored, origin: origin, comment: comment)
      }
    } catch let error as RequestRefused {
      throw RPCError.refused(error.refusal, state: error.state)
    }
  }
}

extension StoredRequest {
  func isVisible(to caller: Caller) -> Bool {
    caller.maySee(record.request.tenant, requestedBy: record.request.engineer)
  }
}

extension ApprovalsTransaction {
  /// I3: behind the high-water mark nothing is decided and nothing is granted; ending access stays
  /// possible.
  func requireSteadyClock() throws(RPCError) {
    guard time.behind == nil else {
      throw .unavailable(
        "the service's clock went back; nothing is decided until it is right again",
        reason: "CLOCK_WENT_BACK", retryAfter: .seconds(30))
    }
  }
}
