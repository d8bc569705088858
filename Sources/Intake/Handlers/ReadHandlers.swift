internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Storage

/// The name of this service's feed.
let feedName = "intake"

/// `lockbox.intake.v1.IntakeService`, its reads.
struct ReadHandlers: Sendable {
  let store: any IntakeStore
  let clock: any WallClock
  let watchers: Watchers

  func add(to router: inout Router) {
    router.unary(IntakeV1.IntakeService.getAccessRequest, get)
    router.unary(IntakeV1.IntakeService.listAccessRequests, list)
    router.serverStreaming(IntakeV1.IntakeService.watchAccessRequest, watch)
  }

  /// The moment to show things at: never before one that a durable write has seen.
  private var now: Timestamp {
    var mark = store.timeMark
    return mark.observe(clock.now()).now
  }

  private func get(
    _ request: IntakeV1.GetAccessRequestRequest, _ context: ServerContext
  ) async throws -> IntakeV1.GetAccessRequestResponse {
    let stored = try await find(request.requestID, for: try context.caller())
    return .init(accessRequest: try .init(stored, at: now))
  }

  private func find(_ id: String, for caller: Caller) async throws -> StoredRequest {
    guard let id = RequestID(id), let stored = try await store.read({ try $0.request(id) }),
      caller.maySee(stored.tenant, requestedBy: stored.engineer)
    else { throw RPCError.notFound("access request") }
    return stored
  }

  private func list(
    _ request: IntakeV1.ListAccessRequestsRequest, _ context: ServerContext
  ) async throws -> IntakeV1.ListAccessRequestsResponse {
    let caller = try context.caller()
    var violations = Violations()
    let states = Set(
      request.states.enumerated().compactMap { index, state in
        violations.unwrap(
          RequestState.Name(rawValue: state.rawValue), "states[\(index)]", "is no state")
      })
    try violations.check()
    var tenant: TenantID?
    if !request.tenantID.isEmpty {
      guard let asked = TenantID(request.tenantID) else { throw RPCError.notFound("tenant") }
      tenant = asked
    }
    let engineer = caller.isBoundToOwnRequests ? caller.subject : nil
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken,
      query: [
        tenant?.text ?? "", engineer?.issuer ?? "", engineer?.id ?? "",
        states.map { "\($0.rawValue)" }.sorted().joined(separator: ","),
      ])
    let before = try page.after.map { key in
      guard let id = RequestID(pageKey: key) else { throw PageToken.Failure.malformed }
      return id
    }
    let query = RequestQuery(
      tenant: tenant, engineer: engineer, states: states, now: now, before: before,
      limit: page.size + 1)
    let stored = try await store.read { try $0.requests(query) }
    let (elements, next) = page.cut(stored) { $0.id.pageKey }
    return .init(
      accessRequests: try elements.map { try .init($0, at: query.now) }, nextPageToken: next)
  }

  /// Each state once, from the present one to a final one. Approvals' events wake it, and so does
  /// a deadline: what nobody answers is over then, whether or not expiry is there to say so.
  private func watch(
    _ request: IntakeV1.WatchAccessRequestRequest,
    _ responses: ResponseWriter<IntakeV1.WatchAccessRequestResponse>, _ context: ServerContext
  ) async throws {
    let caller = try context.caller()
    let id = try await find(request.requestID, for: caller).id
    var sent: (StoredRequest.Progress, RequestState.Name)?
    var alarm: Task<Void, Never>?
    defer { alarm?.cancel() }
    for await _ in watchers.changes(of: id) {
      let stored = try await find(request.requestID, for: caller)
      let state = stored.progress.state(at: now)
      if sent?.0 != stored.progress || sent?.1 != state {
        try await responses.send(.init(accessRequest: try .init(stored, at: now)))
        sent = (stored.progress, state)
      }
      if state.isFinal { return }
      alarm?.cancel()
      alarm = stored.progress.deadline.map { wake(id, at: $0) }
    }
    try Task.checkCancellation()
  }

  private func wake(_ id: RequestID, at deadline: Timestamp) -> Task<Void, Never> {
    Task { [watchers, remaining = deadline - now] in
      guard (try? await Task.sleep(for: max(remaining, .zero))) != nil else { return }
      watchers.notify([id])
    }
  }
}

extension IntakeV1.AccessRequestStatus {
  /// The request as everybody must see it at `now`.
  init(_ stored: StoredRequest, at now: Timestamp) throws {
    let state = stored.progress.state(at: now)
    // What is over by its deadline alone was last changed by that.
    let isOverdue = state != stored.progress.state
    let updateTime = isOverdue ? stored.progress.deadline : stored.progress.updateTime
    self.init(
      accessRequest: try CommonV1.AccessRequest(serialized: stored.accessRequest),
      requestDigest: stored.digest.bytes, state: .init(state),
      updateTime: updateTime.map { .init($0) },
      deadline: stored.progress.deadline.map { .init($0) },
      grantID: stored.progress.grant?.description ?? "")
  }
}
