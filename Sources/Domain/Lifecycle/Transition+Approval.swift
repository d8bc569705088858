extension Transition {
  static func open(
    _ record: RequestRecord, with snapshot: PolicySnapshot?, extending extended: ExtendedGrant?,
    at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard let snapshot else { return try refuse(record, .noPolicy) }
    guard record.state == .received else { throw .requestClosed }
    var opened = record
    opened.snapshot = snapshot
    opened.extended = extended
    guard record.request.hasTicket || !snapshot.requiresTicket else {
      return moved(
        opened, to: .denied, .opened(snapshot), .denied(stage: 0, reason: .ticketRequired))
    }
    let (state, effect) = opening(stage: 0, of: snapshot, at: now)
    return moved(
      opened, to: state, .opened(snapshot), snapshot.breakGlass.map { .breakGlassOpened($0) },
      effect)
  }

  static func refuse(
    _ record: RequestRecord, _ reason: DenialReason
  ) throws(Refusal) -> Transition {
    guard record.state == .received else { throw .requestClosed }
    return moved(record, to: .denied, .denied(stage: 0, reason: reason))
  }

  /// - Parameter lent: the absence that lends the seat that the decision is on behalf of.
  static func decide(
    _ decision: Decision, on record: RequestRecord, by person: Person, lent: Absence?,
    grantID: GrantID
  ) throws(Refusal) -> Transition {
    guard decision.digest == record.request.digest else { throw .digestMismatch }
    guard !person.isSame(as: record.request.engineer) else { throw .ownRequest }
    let earlier = record.decisions.filter { person.isSame(as: $0.approver) }
    // The same word again gets the same answer.
    if let same = earlier.first(where: { $0.stage == decision.stage }) {
      guard same.says(decision) else { throw .alreadyDecided }
      return unchanged(record)
    }
    // A person counts once, whatever the stage, unless the stage says otherwise.
    guard earlier.isEmpty || record.allowsEarlierApprovers(at: decision.stage) else {
      throw .alreadyDecided
    }
    guard let open = record.state.openStage, let snapshot = record.snapshot else {
      throw record.state == .expired ? .requestExpired : .requestClosed
    }
    guard decision.time < open.deadline else { throw .requestExpired }
    guard decision.stage == open.index else { throw .stageNotOpen }
    let stage = snapshot.stages[open.index]
    try check(decision, by: person, lent: lent, at: stage, of: record, deadline: open.deadline)
    guard !stage.requiresSignature || decision.signature != nil else { throw .signatureRequired }
    if let terms = decision.terms { try check(terms, on: record, at: decision.time) }

    var decided = record
    decided.decisions.append(decision)
    switch decision.verdict {
    case .deny:
      return moved(
        decided, to: .denied, .decided(decision),
        .denied(stage: open.index, reason: .decision))
    case .approve:
      guard decided.approvals(at: open.index) >= stage.approvers.quorum else {
        return Transition(record: decided, effects: [.decided(decision)])
      }
      return advance(decided, past: open.index, with: decision, grantID: grantID)
    }
  }

  /// The quorum of `index` is reached: the next stage opens, or the grant begins.
  private static func advance(
    _ record: RequestRecord, past index: Int, with decision: Decision, grantID: GrantID
  ) -> Transition {
    guard let snapshot = record.snapshot else { preconditionFailure("a stage without a snapshot") }
    if index + 1 < snapshot.stages.count {
      let (state, effect) = opening(stage: index + 1, of: snapshot, at: decision.time)
      var next = record
      next.notices = []
      return moved(next, to: state, .decided(decision), effect)
    }
    let terms = record.terms
    let window = terms.window(from: decision.time)
    let grant = Grant(
      id: grantID, scope: terms.scope, start: window.lowerBound, end: window.upperBound)
    var granted = record
    granted.grant = grant
    var used: RequestEffect?
    if let breakGlass = snapshot.breakGlass {
      let review = BreakGlassReview(due: grant.end + breakGlass.reviewLifetime)
      granted.review = review
      used = .breakGlassUsed(grant, review, breakGlass)
    }
    return moved(granted, to: .approved, .decided(decision), .approved(grant), used)
  }

  /// Who narrows sees what stands: terms that were narrowed meanwhile are not widened again.
  private static func check(
    _ terms: Terms, on record: RequestRecord, at now: Timestamp
  ) throws(Refusal) {
    guard terms.isWithin(record.terms) else { throw .termsTooWide }
    // An emergency is now; an extension begins where it must, however far ahead that is.
    let ahead = record.snapshot?.breakGlass == nil ? Limits.furthestStart : .zero
    let furthest = max(now + ahead, record.terms.start ?? now)
    guard terms.start.map({ $0 <= furthest }) ?? true else { throw .startTooFar }
  }

  private static func opening(
    stage index: Int, of snapshot: PolicySnapshot, at now: Timestamp
  ) -> (RequestState, RequestEffect) {
    let stage = snapshot.stages[index]
    let deadline = now + stage.lifetime
    let state: RequestState =
      switch stage.side {
      case .provider: .awaitingProvider(stage: index, deadline: deadline)
      case .customer: .awaitingCustomer(stage: index, deadline: deadline)
      }
    return (state, .stageOpened(stage: index, deadline: deadline))
  }
}
