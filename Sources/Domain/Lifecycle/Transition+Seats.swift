extension Transition {
  /// Whether the decision is made on a seat of the stage that nobody has decided on.
  static func check(
    _ decision: Decision, by person: Person, lent: Absence?, at stage: Stage,
    of record: RequestRecord, deadline: Timestamp
  ) throws(Refusal) {
    if decision.isDelegated {
      guard let lent, lent.person.isSame(as: decision.seat),
        isEligible(person, lent: lent, at: stage, of: record.request, decision.time)
      else { throw .notEligible }
    } else {
      guard isEligible(person, at: stage, of: record.request, decision.time, deadline: deadline)
      else { throw .notEligible }
    }
    let isTaken = record.decisions.contains {
      $0.stage == decision.stage && $0.seat.isSame(as: decision.seat)
    }
    guard !isTaken else { throw .seatDecided }
  }

  /// Whether `person` may decide on a seat of their own.
  static func isEligible(
    _ person: Person, at stage: Stage, of request: AccessRequest, _ now: Timestamp,
    deadline: Timestamp
  ) -> Bool {
    isOfSide(person, stage, request) && stage.isOpen(to: person, at: now, deadline: deadline)
  }

  /// Whether `person` may decide on the seat of whoever is absent.
  ///
  /// Only who is named has a seat to lend: that somebody is in a group, is known as long as
  /// their own token shows it. What the stage's claims demand, the delegate must show.
  static func isEligible(
    _ person: Person, lent absence: Absence, at stage: Stage, of request: AccessRequest,
    _ now: Timestamp
  ) -> Bool {
    stage.side == .customer && isOfSide(person, stage, request)
      && absence.lends(to: person, on: request, at: now)
      && stage.approvers.people.holds(absence.person)
      && stage.approvers.claims.allSatisfy { $0.holds(for: person) }
  }

  private static func isOfSide(
    _ person: Person, _ stage: Stage, _ request: AccessRequest
  ) -> Bool {
    switch stage.side {
    case .provider: person.affiliation == .provider
    case .customer: person.affiliation == .tenant(request.tenant)
    }
  }
}

extension RequestRecord {
  /// Whether whoever decided at another stage may decide at this one too.
  func allowsEarlierApprovers(at stage: Int) -> Bool {
    guard let stages = snapshot?.stages, stages.indices.contains(stage) else { return false }
    return stages[stage].allowsEarlierApprovers
  }
}
