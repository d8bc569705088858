extension Transition {
  /// Tells what is due of the open stage and was not told: the clock is compared here.
  static func announce(
    _ record: RequestRecord, stage index: Int, _ absences: [Absence], at now: Timestamp
  ) -> Transition {
    guard let open = record.state.openStage, open.index == index, now < open.deadline,
      let stage = record.snapshot?.stages[index]
    else { return unchanged(record) }
    let available = record.available(absences, at: now)
    let due = StageNotice.allCases.filter { notice in
      guard !record.notices.contains(notice) else { return false }
      switch notice {
      case .reminder, .escalated, .aboutToExpire:
        return stage.time(of: notice, deadline: open.deadline).map { $0 <= now } ?? false
      case .quorumOutOfReach:
        return available.map { record.approvals(at: index) + $0 < stage.approvers.quorum } ?? false
      }
    }
    var told = record
    told.notices.formUnion(due)
    return Transition(
      record: told,
      effects: due.map {
        .announced($0, stage: index, deadline: open.deadline, available: available)
      })
  }
}
