internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit

/// `lockbox.intake.v1.IntakeService`, its changes.
struct IntakeHandlers: Sendable {
  let store: any IntakeStore
  let clock: any WallClock
  /// The shortest access that may be asked for; seconds in development.
  let shortestAccess: Duration

  func add(to router: inout Router) {
    router.unary(IntakeV1.IntakeService.submitAccessRequest, submit)
    router.unary(IntakeV1.IntakeService.withdrawAccessRequest, withdraw)
  }

  private func submit(
    _ request: IntakeV1.SubmitAccessRequestRequest, _ context: ServerContext
  ) async throws -> IntakeV1.SubmitAccessRequestResponse {
    let caller = try context.caller()
    let acceptance = try Acceptance(
      request, from: caller.subject, mail: caller.principal.person?.verifiedMail ?? "",
      origin: EventOrigin(caller, in: context), at: clock.now(), shortest: shortestAccess)
    let stored = try await store.write { try acceptance.write(in: $0) }
    return .init(accessRequest: try .init(stored, at: clock.now()))
  }

  private func withdraw(
    _ request: IntakeV1.WithdrawAccessRequestRequest, _ context: ServerContext
  ) async throws -> IntakeV1.WithdrawAccessRequestResponse {
    let caller = try context.caller()
    var violations = Violations()
    violations.text(request.comment, "comment", length: Limits.commentLength, lines: true)
    try violations.check()
    let origin = EventOrigin(caller, in: context)
    let stored = try await store.write { transaction in
      guard let id = RequestID(request.requestID), var stored = try transaction.request(id),
        stored.engineer == caller.subject
      else { throw RPCError.notFound("access request") }
      if stored.isWithdrawn { return stored }
      let state = stored.progress.state(at: transaction.now)
      guard !state.isFinal else { throw RPCError.refused(.requestClosed, state: state) }
      let draft = EventDraft(
        time: transaction.now, tenant: stored.tenant, request: id, origin: origin,
        payload: .withdrawalReceived(.init(comment: request.comment)))
      try transaction.markWithdrawn(id)
      try transaction.append { try draft.serialized(feed: feedName, sequence: $0) }
      stored.isWithdrawn = true
      return stored
    }
    return .init(accessRequest: try .init(stored, at: clock.now()))
  }
}
