/// How the customer judges an access that break-glass gave.
public enum ReviewVerdict: Int32, Hashable, Sendable, CaseIterable {
  case accepted = 1
  case disputed = 2
}

/// The customer's review of an access that break-glass gave: open until somebody closes it.
public struct BreakGlassReview: Hashable, Sendable {
  /// While it is open from this moment on, the tenant gets no other break-glass access.
  public let due: Timestamp
  public var closing: Closing?

  public struct Closing: Hashable, Sendable {
    public let verdict: ReviewVerdict
    public let reviewer: Subject
    public let comment: String
    public let time: Timestamp

    public init(verdict: ReviewVerdict, reviewer: Subject, comment: String, time: Timestamp) {
      self.verdict = verdict
      self.reviewer = reviewer
      self.comment = comment
      self.time = time
    }
  }

  public init(due: Timestamp, closing: Closing? = nil) {
    self.due = due
    self.closing = closing
  }

  /// Whether it keeps the tenant's glass from being broken again.
  public func isOverdue(at now: Timestamp) -> Bool { closing == nil && now >= due }
}
