/// The request's state machine: one pure function, no I/O.
///
/// received → awaitingProvider (stage by stage) → awaitingCustomer → approved → ended | revoked;
/// denied, expired and withdrawn from every state that waits.
public struct Transition: Hashable, Sendable {
  public let record: RequestRecord
  /// Empty: nothing changed, since the event had its effect before.
  public let effects: [RequestEffect]

  /// What `event` makes of `record` at `now`. `now` never goes back (`TimeMark`).
  public static func apply(
    _ event: RequestEvent, to record: RequestRecord, at now: Timestamp
  ) throws(Refusal) -> Transition {
    switch event {
    case .open(let snapshot, let extended):
      try open(record, with: snapshot, extending: extended, at: now)
    case .refuse(let reason):
      try refuse(record, reason)
    case .decide(
      let verdict, let stage, let person, let seat, let digest, let terms, let comment,
      let signature, let grantID):
      try decide(
        Decision(
          stage: stage, verdict: verdict, approver: person.subject, comment: comment,
          digest: digest, time: now, terms: terms, signature: signature,
          seat: seat?.holder ?? person.name, isDelegated: seat != nil),
        on: record, by: person, lent: seat?.absence, grantID: grantID)
    case .ask(let text, let person, let absences):
      try ask(record, text, by: person, absences, at: now)
    case .answer(let text, let subject):
      try answer(record, text, by: subject, at: now)
    case .withdraw(let subject):
      try withdraw(record, by: subject, at: now)
    case .expire(let stage):
      try expire(record, stage: stage, at: now)
    case .announce(let stage, let absences):
      announce(record, stage: stage, absences, at: now)
    case .revoke(let person):
      try revoke(record, by: person, at: now)
    case .returnGrant(let subject):
      try returnGrant(record, by: subject, at: now)
    case .endGrant:
      try endGrant(record, at: now)
    case .extendedGrantEnded(let ending):
      followExtended(record, ending, at: now)
    case .closeReview(let verdict, let person, let comment):
      try closeReview(record, verdict, by: person, comment: comment, at: now)
    }
  }

  static func unchanged(_ record: RequestRecord) -> Transition {
    Transition(record: record, effects: [])
  }

  static func moved(
    _ record: RequestRecord, to state: RequestState, _ effects: RequestEffect?...
  ) -> Transition {
    var record = record
    record.state = state
    for case .denied(_, let reason)? in effects { record.denial = reason }
    return Transition(record: record, effects: effects.compactMap(\.self))
  }
}
