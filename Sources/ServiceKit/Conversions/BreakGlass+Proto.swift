public import Domain
public import LockboxProto
internal import StandardProto

extension BreakGlassSettings {
  public var message: CommonV1.BreakGlassSettings {
    CommonV1.BreakGlassSettings(
      reasons: reasons.map(\.rawValue).sorted().map { CommonV1.ReasonCode(rawValue: $0) },
      longestAccess: .init(longestAccess), reviewLifetime: .init(reviewLifetime))
  }

  /// Nil where there is none, and with a violation added where it cannot be read.
  init?(_ message: CommonV1.BreakGlassSettings?, _ violations: inout Violations) {
    guard let message else { return nil }
    let field = "settings.break_glass"
    let reasons = message.reasons.enumerated().compactMap { index, reason in
      violations.unwrap(
        ReasonCode(rawValue: reason.rawValue), "\(field).reasons[\(index)]",
        "is missing or unknown")
    }
    let access = violations.duration(
      message.longestAccess, "\(field).longest_access",
      unset: Limits.defaultBreakGlassAccess)
    let review = violations.duration(
      message.reviewLifetime, "\(field).review_lifetime", unset: Limits.defaultReviewLifetime)
    guard reasons.count == message.reasons.count, let access, let review else { return nil }
    self.init(reasons: Set(reasons), longestAccess: access, reviewLifetime: review)
  }
}

extension BreakGlassPolicy {
  public var message: CommonV1.BreakGlassPolicy {
    CommonV1.BreakGlassPolicy(approvers: approvers.message, lifetime: .init(lifetime))
  }

  /// Nil where there is none, and with a violation added where it cannot be read.
  init?(_ message: CommonV1.BreakGlassPolicy?, _ violations: inout Violations) {
    guard let message,
      let lifetime = violations.duration(
        message.lifetime, "policy.break_glass.lifetime", unset: Limits.defaultBreakGlassLifetime)
    else { return nil }
    self.init(approvers: Approvers(message.approvers), lifetime: lifetime)
  }
}

extension CommonV1.BreakGlassReview {
  public init(_ review: BreakGlassReview) {
    self.init(
      dueTime: .init(review.due),
      verdict: review.closing.map { CommonV1.ReviewVerdict(rawValue: $0.verdict.rawValue) }
        ?? .unspecified,
      reviewer: review.closing.map { .init($0.reviewer) }, comment: review.closing?.comment ?? "",
      closeTime: review.closing.map { .init($0.time) })
  }
}

extension Violations {
  fileprivate mutating func duration(
    _ message: GoogleProtobuf.Duration?, _ field: String, unset: Duration
  ) -> Duration? {
    guard let message else { return unset }
    return unwrap(Duration(message), field, "is no valid duration")
  }
}
