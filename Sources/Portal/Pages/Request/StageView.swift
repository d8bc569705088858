internal import LockboxProto

/// A step of the approval, who decided there, and what is still missing.
struct StageView: Hashable, Sendable {
  enum Mark: String, Hashable, Sendable {
    case passed, denied, open, later
  }

  let name: String
  let side: String
  /// For the style.
  let mark: String
  let status: String
  /// `1 of 2 approvals`
  let count: String
  let isOpen: Bool
  let isSigned: Bool
  let decisions: [DecisionView]

  init(_ index: Int, of record: ApprovalsV1.AccessRequestRecord, _ reading: Reading) {
    let stage = record.stages[index]
    let decisions = record.decisions.filter { $0.stage == index }
    let mark = Self.mark(
      stage, decisions, isOpen: record.state.isPending && index == record.openStage)
    name = stage.name
    side = reading.texts("side.\(stage.side.key)")
    self.mark = mark.rawValue
    status = reading.texts("stage.\(mark.rawValue)")
    count = reading.texts(
      "stage.count", ["approvals": "\(stage.approvals)", "quorum": "\(stage.quorum)"])
    isOpen = mark == .open
    isSigned = stage.requiresSignature
    self.decisions = decisions.map { DecisionView($0, reading) }
  }

  private static func mark(
    _ stage: CommonV1.Stage, _ decisions: [CommonV1.Decision], isOpen: Bool
  ) -> Mark {
    if stage.approvals >= stage.quorum { return .passed }
    if decisions.contains(where: { $0.verdict == .deny }) { return .denied }
    return isOpen ? .open : .later
  }
}

/// What one person decided.
struct DecisionView: Hashable, Sendable {
  let isApproval: Bool
  let verdict: String
  let who: PersonView
  let onBehalfOf: String?
  let when: Moment?
  let comment: [String]
  let isSigned: Bool
  /// Of an approval that left less.
  let terms: TermsView?

  init(_ decision: CommonV1.Decision, _ reading: Reading) {
    isApproval = decision.verdict == .approve
    verdict = reading.texts(isApproval ? "decision.approved" : "decision.denied")
    who = PersonView(decision.approver)
    onBehalfOf = decision.onBehalfOf.ifAny
    when = reading.moment(decision.decideTime)
    comment = reading.lines(decision.comment)
    isSigned = decision.signature != nil
    terms = decision.terms.map { TermsView($0, reading) }
  }
}

/// A question or an answer.
struct ThreadEntryView: Hashable, Sendable {
  let isQuestion: Bool
  let said: String
  let who: PersonView
  let when: Moment?
  let text: [String]

  init(_ entry: CommonV1.ThreadEntry, _ reading: Reading) {
    isQuestion = entry.kind == .question
    said = reading.texts(isQuestion ? "thread.asked" : "thread.answered")
    who = PersonView(entry.author)
    when = reading.moment(entry.time)
    text = reading.lines(entry.text)
  }
}
