/// What is told of an open stage, each once.
public enum StageNotice: Int32, Hashable, Sendable, CaseIterable {
  /// Half of its lifetime is over.
  case reminder = 1
  /// More people may decide from now on.
  case escalated = 2
  /// Nine tenths of its lifetime are over.
  case aboutToExpire = 3
  /// Too few people are left who could decide.
  case quorumOutOfReach = 4
}

extension Stage {
  /// When the notice is due at the stage with this deadline; nil: at no moment known ahead.
  func time(of notice: StageNotice, deadline: Timestamp) -> Timestamp? {
    switch notice {
    case .reminder: deadline - lifetime / 2
    case .escalated: escalationTime(deadline: deadline)
    case .aboutToExpire: deadline - lifetime / 10
    case .quorumOutOfReach: nil
    }
  }
}

extension RequestRecord {
  /// When the next notice of the open stage is due; nil: none is left to be told.
  public var nextNoticeTime: Timestamp? {
    guard let open = state.openStage, let stage = snapshot?.stages[open.index] else { return nil }
    return StageNotice.allCases
      .filter { !notices.contains($0) }
      .compactMap { stage.time(of: $0, deadline: open.deadline) }
      .filter { $0 < open.deadline }
      .min()
  }

  /// How many people could still decide at the open stage, now or once it escalates; nil where
  /// that cannot be known, since groups, roles or claims name them.
  func available(_ absences: [Absence], at now: Timestamp) -> Int? {
    guard let open = state.openStage, let stage = snapshot?.stages[open.index],
      let named = stage.approvers.knownPeople,
      let more = stage.escalation.map(\.approvers.knownPeople) ?? []
    else { return nil }
    let here = decisions.filter { $0.stage == open.index }
    let seats = named.union(more).subtracting(here.map(\.seat))
    // Ids of one side are of one issuer: another side's people may bear the same.
    let spent = decisions.filter {
      $0.stage == open.index || (!stage.allowsEarlierApprovers && side(of: $0) == stage.side)
    }
    // A delegate spends the lent seat and their own; where a side has several issuers, names are
    // not ids, and then one more may seem to be left.
    let people = Set(spent.map(\.seat)).union(spent.map(\.approver.id))
    switch stage.side {
    case .provider:
      return seats.subtracting(people).subtracting([request.engineer.id]).count
    case .customer:
      return Absence.available(for: seats, absences, on: request, at: now)
        .subtracting(people).count
    }
  }

  private func side(of decision: Decision) -> Side? { snapshot?.stages[decision.stage].side }
}
