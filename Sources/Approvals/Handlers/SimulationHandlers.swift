internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Storage

/// What would be, and what would have been: `lockbox.approvals.v1.PolicyService`'s questions that
/// change nothing. They are answered by what opens and decides on real requests.
struct SimulationHandlers: Sendable {
  let desk: Desk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.PolicyService.simulateAccessRequest, simulate)
    router.unary(ApprovalsV1.PolicyService.replayAccessRequests, replay)
  }

  private func simulate(
    _ request: ApprovalsV1.SimulateAccessRequestRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.SimulateAccessRequestResponse {
    let caller = try context.caller()
    guard let tenant = TenantID(request.tenantID), caller.maySee(tenant) else {
      throw RPCError.notFound("tenant")
    }
    let now = desk.now
    var violations = Violations()
    let candidate = request.policy.flatMap {
      WorkloadPolicy($0, &violations, rules: desk.lifetimes)
    }
    let asked = AccessRequest(
      simulated: request, tenant: tenant, issuer: caller.subject.issuer, at: now, &violations)
    if let candidate, let asked {
      violations.require(
        candidate.workload == asked.workload, "policy.workload", "is not the request's workload")
    }
    try violations.check()
    guard let asked else { preconditionFailure("checked above") }

    return try await desk.store.read { store in
      guard let settings = try store.tenant(tenant) else { throw RPCError.notFound("tenant") }
      let policy = try candidate.map { Versioned($0, version: 0) } ?? store.policy(asked.workload)
      let opening = try store.opening(of: asked, under: policy, at: now)
      let keys = try store.keys(of: tenant).filter { $0.isUsable(at: now) }
      let absences = try store.absences(of: tenant)
      let forecast: Forecast
      do throws(Refusal) {
        forecast = try Forecast(
          of: asked, opening: opening, absences: absences,
          keyHolders: Set(keys.map(\.approver.id)), at: now)
      } catch {
        throw RPCError.refused(error, state: .received)
      }
      return .init(
        forecast, asksCustomer: settings.value.asks(for: asked.workload) || asked.isBreakGlass,
        wanted: request.duration == nil ? nil : asked.duration, seenBy: caller)
    }
  }

  private func replay(
    _ request: ApprovalsV1.ReplayAccessRequestsRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ReplayAccessRequestsResponse {
    let caller = try context.caller()
    let now = desk.now
    var violations = Violations()
    let policy = WorkloadPolicy(request.policy ?? .init(), &violations, rules: desk.lifetimes)
    let start = violations.unwrap(
      Timestamp(request.startTime), "start_time", "must be a valid time")
    if let start {
      violations.require(
        start >= now - Limits.longestReplay, "start_time",
        "is more than \(Limits.longestReplay.components.seconds / 86_400) days back")
    }
    try violations.check()
    guard let policy, let start else { preconditionFailure("checked above") }
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken,
      query: ["replay", policy.workload.text, "\(start.nanoseconds)"])
    let before = try page.after.map { key in
      guard let id = RequestID(pageKey: key) else { throw PageToken.Failure.malformed }
      return id
    }
    let stored = try await desk.store.read { store in
      let query = RequestQuery(
        workload: policy.workload, receivedFrom: start, now: now, before: before,
        limit: page.size + 1)
      return try store.requests(query).map { stored in
        (stored.record, try store.replay(stored.record, under: policy))
      }
    }
    let (elements, next) = page.cut(stored) { $0.0.request.id.pageKey }
    return .init(
      requests: elements.map { .init($0, $1, at: now, seenBy: caller) }, nextPageToken: next)
  }
}
