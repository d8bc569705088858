internal import LockboxProto
internal import Words

extension Styled {
  /// What a reader must not miss of such an access.
  static let breakGlass = Styled("without the customer's approval, who reviews it", .bad)

  /// What is special of a request or a grant, for a list.
  ///
  /// - Parameters:
  ///   - extends: the id of the grant that it continues; empty for none.
  ///   - review: of what break-glass gave, where it is known.
  static func notes(
    isBreakGlass: Bool, extends: String, review: CommonV1.BreakGlassReview? = nil
  ) -> Styled {
    guard isBreakGlass else { return extends.isEmpty ? "" : Styled("extends \(extends)") }
    guard let review else { return Styled("break-glass", .bad) }
    return review.verdict == .unspecified
      ? Styled("break-glass, review open", .bad)
      : Styled("break-glass, \(review.verdict.words)", .waiting)
  }
}

extension Page {
  mutating func add(_ review: CommonV1.BreakGlassReview, _ times: LocalTime) {
    let isOpen = review.verdict == .unspecified
    heading("Review", isOpen ? Styled("open", .bad) : Styled(review.verdict.words, .good))
    if isOpen { field("Due", times.full(review.dueTime)) }
    field("Reviewer", Styled(review.reviewer?.full ?? ""))
    field("Comment", Printable.lines(review.comment).map { Styled($0) })
    if review.closeTime != nil { field("Closed", times.full(review.closeTime)) }
  }
}
