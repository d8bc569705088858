extension Transition {
  /// The customer's people close the review once the access is over: what happens after a review
  /// nobody would look at.
  static func closeReview(
    _ record: RequestRecord, _ verdict: ReviewVerdict, by person: Person, comment: String,
    at now: Timestamp
  ) throws(Refusal) -> Transition {
    guard person.affiliation == .tenant(record.request.tenant) else { throw .notEligible }
    guard var review = record.review, let grant = record.grant else { throw .nothingToReview }
    if let closing = review.closing {
      guard closing.reviewer == person.subject, closing.verdict == verdict else {
        throw .reviewClosed
      }
      return unchanged(record)
    }
    guard record.state(at: now) != .approved else { throw .grantStillLive }
    review.closing = .init(
      verdict: verdict, reviewer: person.subject, comment: comment, time: now)
    var reviewed = record
    reviewed.review = review
    return Transition(record: reviewed, effects: [.reviewClosed(grant, review)])
  }
}
