internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// `lockbox.approvals.v1.AbsenceService`.
struct AbsenceHandlers: Sendable {
  let desk: Desk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.AbsenceService.setAbsence, set)
    router.unary(ApprovalsV1.AbsenceService.endAbsence, end)
    router.unary(ApprovalsV1.AbsenceService.listAbsences, list)
  }

  private func set(
    _ request: ApprovalsV1.SetAbsenceRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.SetAbsenceResponse {
    let caller = try context.caller()
    let tenant = try caller.ownTenant()
    let (person, isOwn) = try Self.person(request.person, caller)
    let asked = try Asked(request, person: person, now: desk.now)
    let origin = EventOrigin(caller, in: context)
    let (absence, changed) = try await desk.store.write { transaction in
      try transaction.requireSteadyClock()
      guard let settings = try transaction.tenant(tenant)?.value else {
        throw RPCError.notFound("tenant")
      }
      let now = transaction.time.now
      return try transaction.set(
        Absence(
          tenant: tenant, person: person, delegate: asked.delegate, start: asked.start ?? now,
          end: asked.end, isOwn: isOwn, setBy: caller.subject, setTime: now),
        of: settings, origin: origin)
    }
    return .init(absence: .init(absence), changed: changed)
  }

  private func end(
    _ request: ApprovalsV1.EndAbsenceRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.EndAbsenceResponse {
    let caller = try context.caller()
    let tenant = try caller.ownTenant()
    let person = try Self.person(request.person, caller).name
    let origin = EventOrigin(caller, in: context)
    let changed = try await desk.store.write { transaction in
      try transaction.endAbsence(of: person, in: tenant, origin: origin)
    }
    return .init(changed: changed)
  }

  private func list(
    _ request: ApprovalsV1.ListAbsencesRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListAbsencesResponse {
    let tenant = try context.caller().ownTenant()
    let absences = try await desk.store.read { try $0.absences(of: tenant) }
    let now = desk.now
    return .init(absences: absences.filter { $0.end > now }.map { .init($0) })
  }

  /// Whose absence is meant: the caller's own, or anybody's where an admin calls.
  private static func person(
    _ name: String, _ caller: Caller
  ) throws(RPCError) -> (name: String, isOwn: Bool) {
    let own = try caller.person().decider.name
    if name.isEmpty || name.utf8.elementsEqual(own.utf8) { return (own, true) }
    guard caller.roles.contains(.admin) else { throw .denied }
    return (name, false)
  }
}

/// What somebody asks to be set, checked as far as its words go.
private struct Asked {
  let delegate: String?
  /// Nil: from now on.
  let start: Timestamp?
  let end: Timestamp

  init(
    _ request: ApprovalsV1.SetAbsenceRequest, person: String, now: Timestamp
  ) throws {
    var violations = Violations()
    violations.text(person, "person", length: Limits.subjectLength)
    delegate = request.delegate.isEmpty ? nil : request.delegate
    if let delegate {
      violations.text(delegate, "delegate", length: Limits.subjectLength)
      violations.require(
        delegate != person, "delegate", "must be somebody else than the person who is away")
    }
    if request.startTime == nil {
      start = nil
    } else {
      start = violations.unwrap(
        Timestamp(request.startTime), "start_time", "is no valid time")
    }
    let end = violations.unwrap(
      Timestamp(request.endTime), "end_time", "is missing or no valid time")
    if let end {
      violations.require(
        end > max(start ?? now, now), "end_time", "must be after the start, and lie ahead")
      violations.require(
        end <= now + Limits.longestAbsence, "end_time", "must be at most 366 days ahead")
    }
    try violations.check()
    guard let end else { preconditionFailure("checked above") }
    self.end = end
  }
}

extension Caller {
  /// The tenant whose person calls.
  func ownTenant() throws(RPCError) -> TenantID {
    guard let boundTenant else { throw .denied }
    return boundTenant
  }
}
