internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

extension ApprovalsTransaction {
  /// The seat that somebody says they hold as a delegate, with what lends it now. A delegation that
  /// was made after the request was opened counts too (`Absence.counts`).
  func seat(of holder: String, on stored: StoredRequest) throws -> LentSeat {
    let absences = try absences(of: stored.record.request.tenant)
    return LentSeat(holder: holder, absence: absences.first { $0.person == holder })
  }

  /// Makes `absence` the person's from now on; one that is so already changes nothing.
  func set(
    _ absence: Absence, of settings: TenantSettings, origin: EventOrigin
  ) throws -> (absence: Absence, changed: Bool) {
    let now = time.now
    let present = try absences(of: absence.tenant)
    if let same = present.first(where: { $0.says(absence, at: now) }) { return (same, false) }
    guard absence.delegate == nil || settings.hasSeat(absence.person) else {
      throw RPCError.seatNotNamed
    }
    // What is over has had its effect; the log keeps it.
    for over in present where over.end <= now {
      try removeAbsence(of: over.person, in: over.tenant)
    }
    let others = present.filter { $0.end > now && $0.person != absence.person }
    guard others.count < Limits.absenceCount else {
      throw RPCError(.resourceExhausted, "the tenant has as many absences as it may have")
    }
    try requireEnoughStay(settings, from: present, to: others + [absence], during: absence)
    try save(absence)
    try append(.absenceSet(.init(absence: .init(absence))), of: absence.tenant, origin: origin)
    return (absence, true)
  }

  /// - Returns: Whether there was one to end.
  func endAbsence(of person: String, in tenant: TenantID, origin: EventOrigin) throws -> Bool {
    guard let absence = try absences(of: tenant).first(where: { $0.person == person }),
      absence.end > time.now
    else { return false }
    try removeAbsence(of: person, in: tenant)
    try append(.absenceEnded(.init(absence: .init(absence))), of: tenant, origin: origin)
    return true
  }

  /// Settings that leave too few people to reach a quorum would let every request die.
  func requireSomebodyCanApprove(_ settings: TenantSettings) throws {
    let absences = try absences(of: settings.tenant)
    if let shortage = settings.shortage(absences, at: time.now) {
      throw RPCError.nobodyCouldApprove(shortage)
    }
  }

  /// Looks at each moment of the absence at which somebody leaves.
  private func requireEnoughStay(
    _ settings: TenantSettings, from present: [Absence], to absences: [Absence],
    during absence: Absence
  ) throws {
    let window = max(absence.start, time.now)..<absence.end
    let moments = [window.lowerBound] + absences.map(\.start).filter { window.contains($0) }
    for moment in moments {
      // Where too few were left before, this change is not the cause.
      if let shortage = settings.shortage(absences, at: moment),
        settings.shortage(present, at: moment) == nil
      {
        throw RPCError.nobodyCouldApprove(shortage)
      }
    }
  }

  private func append(
    _ payload: EventV1.Event.Payload, of tenant: TenantID, origin: EventOrigin
  ) throws {
    let draft = EventDraft(
      time: time.now, tenant: tenant, request: nil, origin: origin, payload: payload)
    try append { try draft.serialized(feed: feedName, sequence: $0) }
  }
}

extension Absence {
  /// Whether `other` would change nothing: a start that lies behind is as good as now.
  fileprivate func says(_ other: Absence, at now: Timestamp) -> Bool {
    person == other.person && delegate == other.delegate && end == other.end
      && isOwn == other.isOwn && (start == other.start || (start <= now && other.start == now))
  }
}

extension RPCError {
  fileprivate static func nobodyCouldApprove(_ shortage: TenantSettings.Shortage) -> RPCError {
    let whose = shortage.workload.map { "the approvers of \($0)" } ?? "the approvers"
    return reasoned(
      .failedPrecondition,
      """
      of \(whose), \(shortage.available) would be there or have a delegate, and the quorum is \
      \(shortage.quorum): nobody could approve
      """, reason: "NOBODY_COULD_APPROVE")
  }

  fileprivate static var seatNotNamed: RPCError {
    reasoned(
      .failedPrecondition,
      "the settings do not name this person among the approvers: there is no seat to lend",
      reason: "SEAT_NOT_NAMED")
  }
}
