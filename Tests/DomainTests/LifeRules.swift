@testable internal import Domain

/// What must hold of every transition, whatever led to it (design.md §4).
struct LifeRules {
  private(set) var broken: [String] = []
  private let before: RequestRecord
  private let after: RequestRecord
  private let effects: [RequestEffect]
  private let now: Timestamp

  /// The rules that `transition` of `before` breaks.
  static func broken(
    by transition: Transition, of before: RequestRecord, at now: Timestamp
  ) -> [String] {
    var rules = LifeRules(
      before: before, after: transition.record, effects: transition.effects, now: now)
    rules.constancy()
    rules.endings()
    rules.deadlines()
    rules.decisions()
    rules.effectsMatch()
    rules.grant()
    return rules.broken
  }

  private init(
    before: RequestRecord, after: RequestRecord, effects: [RequestEffect], now: Timestamp
  ) {
    self.before = before
    self.after = after
    self.effects = effects
    self.now = now
  }

  private mutating func require(_ holds: Bool, _ rule: String) {
    if !holds { broken.append("\(rule): \(before.state.name) to \(after.state.name)") }
  }

  private var isGranting: Bool { before.grant == nil && after.grant != nil }

  private mutating func constancy() {
    require(!effects.isEmpty || after == before, "a change without an effect")
    require(after.request == before.request, "the request changed")
    require(before.snapshot == nil || after.snapshot == before.snapshot, "I10: snapshot changed")
    require(before.extended == nil || after.extended == before.extended, "what it extends changed")
    require(before.grant == nil || after.grant == before.grant, "I7: a grant changed")
    require(after.thread.starts(with: before.thread), "the thread changed")
  }

  private mutating func endings() {
    let ends = effects.count { $0.isEnd }
    let hasEnded = after.state.name.isFinal && !before.state.name.isFinal
    require(ends == (hasEnded ? 1 : 0), "not exactly one end")
    require((after.denial != nil) == (after.state == .denied), "denied without a reason")
    guard before.state.name.isFinal else { return }
    require(after.state == before.state, "revived")
    require(after.decisions == before.decisions, "decided after the end")
    require(effects.allSatisfy { $0.isReview }, "an effect after the end")
  }

  /// I3: at a deadline only the end that it brings can come.
  private mutating func deadlines() {
    if let open = before.state.openStage, now >= open.deadline {
      require(after.state == .expired || after == before, "I3: changed beyond the deadline")
    }
    if before.state == .approved, let grant = before.grant, now >= grant.end {
      require([.approved, .ended].contains(after.state), "I3: changed beyond the window")
    }
  }

  private mutating func decisions() {
    let people = after.decisions.map { Example.human($0.approver) }
    let seats = after.decisions.map { "\($0.stage) \($0.seat)" }
    require(after.decisions.starts(with: before.decisions), "a decision changed")
    require(after.decisions.count <= before.decisions.count + 1, "two decisions at once")
    require(Set(people).count == people.count, "I2: somebody counts twice")
    require(Set(seats).count == seats.count, "I2: a seat counts twice")
    require(!people.contains(after.request.engineer), "I2: the engineer counts")
    require(after.decisions.allSatisfy { $0.digest == after.request.digest }, "I9: other digest")
    guard let stages = after.snapshot?.stages else {
      require(after.decisions.isEmpty, "I10: decided without a snapshot")
      return
    }
    for decision in after.decisions {
      let people = stages[decision.stage].approvers.people
      require(
        !decision.isDelegated
          || people.contains(decision.seat) && decision.seat != decision.approver.id,
        "I1: a seat that was not to lend")
      let isProviders = decision.approver.issuer == Example.provider
      require(
        (stages[decision.stage].side == .provider) == isProviders, "I1: the other side decided")
    }
  }

  private mutating func effectsMatch() {
    let decided = effects.count { if case .decided = $0 { true } else { false } }
    require(decided == after.decisions.count - before.decisions.count, "effect of a decision")
    let said = effects.count { if case .said = $0 { true } else { false } }
    require(said == after.thread.count - before.thread.count, "effect of the thread")
    let approved = effects.count { if case .approved = $0 { true } else { false } }
    require(approved == (isGranting ? 1 : 0), "effect of the approval")
    let used = effects.count { if case .breakGlassUsed = $0 { true } else { false } }
    require(used == (isGranting && after.request.isBreakGlass ? 1 : 0), "notice of break-glass")
    let told = effects.compactMap { effect -> StageNotice? in
      if case .announced(let notice, _, _, _) = effect { notice } else { nil }
    }
    require(
      Set(told).count == told.count && before.notices.isDisjoint(with: told), "told twice")
    let closed = before.review?.closing == nil && after.review?.closing != nil
    require(effects.count { $0.isReview } == (closed ? 1 : 0), "effect of the review")
  }

  /// I1 and I7.
  private mutating func grant() {
    let states: [RequestState.Name] = [.approved, .revoked, .ended]
    require((after.grant != nil) == states.contains(after.state.name), "I1: grant and state differ")
    let isReviewed = after.grant != nil && after.request.isBreakGlass
    require((after.review != nil) == isReviewed, "break-glass without a review")
    require(after.terms.isWithin(before.terms) || before.state == .received, "I7: terms widened")
    guard isGranting, let grant = after.grant, let snapshot = after.snapshot else { return }
    for (index, stage) in snapshot.stages.enumerated() {
      require(after.approvals(at: index) >= stage.approvers.quorum, "I1: no quorum")
    }
    require(before.deadline.map { now < $0 } == true, "I3: granted beyond the deadline")
    let duration = grant.end - grant.start
    require(grant.scope.isWithin(after.request.scope), "I7: scope")
    require(grant.start >= now, "I7: begins before its approval")
    require(duration <= min(after.request.duration, snapshot.longestAccess), "I7: too long")
    require(after.extended.map { grant.start >= $0.end } ?? true, "an extension that overlaps")
    if after.request.isBreakGlass {
      require(grant.start == now, "break-glass for later")
      require(duration <= Limits.longestBreakGlassAccess, "break-glass for too long")
      require(snapshot.stages.allSatisfy { $0.side == .provider }, "break-glass with the customer")
    }
  }
}

extension RequestEffect {
  fileprivate var isEnd: Bool {
    switch self {
    case .denied, .expired, .withdrawn, .revoked, .ended: true
    case .opened, .stageOpened, .decided, .said, .announced, .approved, .breakGlassOpened,
      .breakGlassUsed, .reviewClosed:
      false
    }
  }

  fileprivate var isReview: Bool {
    if case .reviewClosed = self { true } else { false }
  }
}
