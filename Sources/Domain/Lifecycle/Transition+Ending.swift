extension Transition {
  /// Withdrawing what was approved meanwhile gives the grant back: the wish is the same.
  static func withdraw(
    _ record: RequestRecord, by subject: Subject, at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard subject == record.request.engineer else { throw .notRequester }
    switch record.state {
    case .received:
      return moved(record, to: .withdrawn, .withdrawn)
    case .awaitingProvider(_, let deadline), .awaitingCustomer(_, let deadline):
      guard now < deadline else { throw .requestExpired }
      return moved(record, to: .withdrawn, .withdrawn)
    case .approved:
      return try returnGrant(record, by: subject, at: now)
    case .withdrawn:
      return unchanged(record)
    case .expired:
      throw .requestExpired
    case .denied, .revoked, .ended:
      throw .requestClosed
    }
  }

  static func expire(
    _ record: RequestRecord, stage: Int, at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard let open = record.state.openStage, open.index == stage else { return unchanged(record) }
    guard now >= open.deadline else { throw .notDue }
    return moved(record, to: .expired, .expired(stage: stage, deadline: open.deadline))
  }

  static func revoke(
    _ record: RequestRecord, by person: Person, at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard person.affiliation == .tenant(record.request.tenant) else { throw .notEligible }
    if record.state == .revoked { return unchanged(record) }
    let grant = try liveGrant(of: record, at: now)
    return moved(record, to: .revoked, .revoked(grant))
  }

  static func returnGrant(
    _ record: RequestRecord, by subject: Subject, at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard subject == record.request.engineer else { throw .notRequester }
    if record.state == .ended { return unchanged(record) }
    let grant = try liveGrant(of: record, at: now)
    return moved(record, to: .ended, .ended(grant, .returned))
  }

  static func endGrant(
    _ record: RequestRecord, at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard record.state == .approved, let grant = record.grant else { return unchanged(record) }
    guard now >= grant.end else { throw .notDue }
    return moved(record, to: .ended, .ended(grant, .windowEnded))
  }

  private static func liveGrant(
    of record: RequestRecord, at now: Timestamp
  ) throws(Refusal) -> Grant {
    guard record.state == .approved, let grant = record.grant, now < grant.end else {
      throw .grantNotLive
    }
    return grant
  }
}
