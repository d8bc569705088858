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
    let asked = try AskedAccess(request, shortest: shortestAccess)
    let engineer = caller.subject
    let time = clock.now()
    let id = RequestID.make(at: time)
    let bytes = try asked.accepted(as: id, from: engineer, at: time)
    guard let digest = Digest(Sha256.digest(bytes)) else {
      preconditionFailure("a SHA-256 digest has 32 bytes")
    }
    let origin = EventOrigin(caller, in: context)
    let stored = try await store.write { transaction in
      if let earlier = try transaction.submission(of: engineer, key: asked.key) {
        guard earlier.content == asked.content,
          let stored = try transaction.request(earlier.request)
        else { throw RPCError.idempotencyKeyReused }
        return stored
      }
      try transaction.check(asked)
      let draft = EventDraft(
        time: transaction.now, tenant: asked.tenant, request: id, origin: origin,
        payload: .accessRequestReceived(
          .init(accessRequest: bytes, requestDigest: digest.bytes)))
      let stored = StoredRequest(
        id: id, accessRequest: bytes, digest: digest, tenant: asked.tenant, engineer: engineer,
        progress: .init(state: .received, updateTime: transaction.now))
      try transaction.insert(
        stored, Submission(engineer: engineer, key: asked.key, content: asked.content, request: id))
      try transaction.append { try draft.serialized(feed: feedName, sequence: $0) }
      return stored
    }
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

extension IntakeTransaction {
  /// What can be known of a request before approvals opens it: better refused now than denied later.
  fileprivate func check(_ asked: AskedAccess) throws {
    guard let longest = try longestAccess(of: asked.tenant) else {
      throw RPCError.notFound("tenant")
    }
    var violations = Violations()
    violations.require(
      try hasPolicy(for: asked.workload), "workload", "has no policy: ask an operator for one")
    violations.require(
      asked.duration <= longest, "duration",
      "is longer than this tenant allows: at most \(longest.components.seconds) seconds")
    try violations.check()
  }
}
