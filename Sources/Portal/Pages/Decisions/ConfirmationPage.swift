internal import LockboxProto
internal import Words

/// The view model of `decide-confirm.mustache`: it says again what would be done, in words.
struct ConfirmationPage: Sendable {
  /// How a decision is signed, and how without a script.
  struct Signing: Hashable, Sendable {
    let path: String
    let command: String
  }

  let request: RequestView
  let isApproval: Bool
  /// Where the form goes.
  let path: String
  let sentence: String
  /// What an approval gives; nil for a denial.
  let terms: TermsView?
  /// Nil: all that stands.
  let narrowPath: String?
  let isLess: Bool
  /// What happens then: access begins, or others must approve too.
  let consequence: String?
  /// What is to be typed.
  let expected: String
  let hidden: [HiddenField]
  /// On whose behalf the reader may decide, beside their own.
  let seats: [String]
  let hasSeats: Bool
  /// What was typed, a line each.
  let comment: [String]
  let problem: String?
  /// Set where only signed decisions count.
  let signing: Signing?

  init(
    _ verdict: CommonV1.Verdict, on record: ApprovalsV1.AccessRequestRecord,
    narrowing: Narrowing?, comment: String = "", problem: Deciding.Problem? = nil,
    seats: [String] = [], _ reading: Reading
  ) {
    let view = RequestView(record, reading)
    let isApproval = verdict == .approve
    let standing = record.standingTerms
    let offered = narrowing?.terms(within: standing) ?? standing
    let terms = TermsView(offered, reading)
    request = view
    self.isApproval = isApproval
    let path = "/requests/\(view.id)"
    self.path = "\(path)/\(isApproval ? "approve" : "deny")"
    isLess = isApproval && offered != standing
    narrowPath = isApproval ? "\(path)/narrow" : nil
    self.terms = isApproval ? terms : nil
    sentence = reading.texts(
      isApproval ? "confirm.approve_sentence" : "confirm.deny_sentence",
      [
        "engineer": view.engineer.name, "tenant": view.tenant, "workload": view.workload,
        "duration": terms.duration,
      ])
    consequence = isApproval ? Self.consequence(of: record, reading.texts) : nil
    expected = TypedConfirmation(for: record.accessRequest ?? .init()).expected
    hidden =
      (ShownRequest(record)?.fields ?? []) + (isLess ? narrowing?.fields ?? [] : [])
    self.seats = seats
    hasSeats = !seats.isEmpty
    self.comment = reading.lines(comment)
    self.problem = problem.map { reading.texts("decision.problem_\($0.rawValue)") }
    signing =
      record.stageNow?.requiresSignature == true
      ? Signing(
        path: "\(path)/statement", command: "lockboxctl \(verdict.word) \(view.id) --key FILE")
      : nil
  }

  /// What an approval of the open stage leads to.
  private static func consequence(
    of record: ApprovalsV1.AccessRequestRecord, _ texts: Texts
  ) -> String? {
    guard let stage = record.stageNow else { return nil }
    let missing = Int(stage.quorum) - Int(stage.approvals) - 1
    if missing > 0 { return texts("confirm.missing", ["count": "\(missing)"]) }
    return texts(
      record.openStage + 1 < record.stages.count ? "confirm.next_stage" : "confirm.last")
  }
}
