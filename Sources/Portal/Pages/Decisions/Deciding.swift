internal import Domain
internal import LockboxProto
internal import Web

/// One person's decision as their form says it.
struct Deciding: Hashable, Sendable {
  let shown: ShownRequest
  let verdict: CommonV1.Verdict
  let comment: String
  let onBehalfOf: String
  /// Nil: as it stands, or a denial.
  let terms: CommonV1.Terms?

  /// What a form lacks: `decision.problem_<word>`.
  enum Problem: String, Error, Hashable, CaseIterable {
    case notOurs = "form"
    /// What stands is no longer what was shown.
    case changed
    /// What was narrowed can no longer be given.
    case badTerms = "terms"
    case notTyped = "typed"
    case noComment = "comment"
    /// Where only signed decisions count: none, or by none of the person's passkeys.
    case notSigned = "signature"
  }

  /// - Parameter record: as it stands now.
  init(
    _ verdict: CommonV1.Verdict, _ form: WebForm, on record: ApprovalsV1.AccessRequestRecord
  ) throws(Problem) {
    guard let shown = ShownRequest(form) else { throw .notOurs }
    self.shown = shown
    self.verdict = verdict
    comment = form.text("comment").unixLines.trimmed
    onBehalfOf = form.text("on_behalf_of").trimmed
    guard verdict == .approve else {
      terms = nil
      if comment.isEmpty { throw .noComment }
      return
    }
    guard TypedConfirmation(for: record.accessRequest ?? .init()).isMet(by: form.text("typed"))
    else {
      throw .notTyped
    }
    terms = try Self.terms(form, record, shown)
  }

  /// A repeated post meets a record that its own first one changed, so only what narrows, and is
  /// measured against what stands, needs it unchanged; the service judges the digest and the stage.
  private static func terms(
    _ form: WebForm, _ record: ApprovalsV1.AccessRequestRecord, _ shown: ShownRequest
  ) throws(Problem) -> CommonV1.Terms? {
    let standing = record.standingTerms
    var problems: [Narrowing.Problem] = []
    guard let narrowing = Narrowing(form, within: standing, problems: &problems) else {
      guard ShownRequest(record)?.terms == shown.terms else { throw .changed }
      return nil
    }
    guard problems.isEmpty else { throw .badTerms }
    return narrowing.terms(within: standing)
  }

  func message(
    on request: String, signature: CommonV1.StatementSignature?
  ) -> ApprovalsV1.DecideAccessRequestRequest {
    .init(
      requestID: request, verdict: verdict, comment: comment, requestDigest: shown.digest.bytes,
      stage: shown.stage, terms: terms, signature: signature, onBehalfOf: onBehalfOf)
  }
}
