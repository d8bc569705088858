/// Why an event has no effect on a request.
public enum Refusal: Error, Hashable, Sendable, CaseIterable {
  /// The deadline is at or before now, whatever expiry has said (I3).
  case requestExpired
  /// The request is past the point at which this could happen.
  case requestClosed
  /// The decision names another digest (I9).
  case digestMismatch
  /// The decision names another stage than the open one.
  case stageNotOpen
  /// The requester never counts (I2).
  case ownRequest
  /// Not among the stage's approvers, or of the wrong side or tenant.
  case notEligible
  /// This person has decided on this request already, and otherwise.
  case alreadyDecided
  /// The seat's holder has decided, or another delegate of theirs.
  case seatDecided
  /// The decision's terms go beyond what was asked for, or what an earlier approval left of it.
  case termsTooWide
  /// The decision's terms begin too far ahead.
  case startTooFar
  /// The stage counts only signed decisions.
  case signatureRequired
  /// Nobody confirms a key of their own.
  case ownKey
  /// The key was revoked.
  case keyRevoked
  /// Nobody has asked anything that could be answered.
  case nothingAsked
  /// The thread has as many entries as it may.
  case threadFull
  /// Only the engineer who asked may do this.
  case notRequester
  /// There is no grant, or it is over.
  case grantNotLive
  /// The grant's window lies ahead.
  case grantNotStarted
  /// Before the deadline.
  case notDue
  /// No break-glass access was given.
  case nothingToReview
  /// The access that is to be reviewed is not over.
  case grantStillLive
  /// Somebody has closed the review, or with another verdict.
  case reviewClosed
}
