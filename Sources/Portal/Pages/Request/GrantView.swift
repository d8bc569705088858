internal import Domain
internal import DomainProto
internal import LockboxProto
internal import StandardProto

/// A grant, with what is left of it.
struct GrantView: Hashable, Sendable {
  let id: String
  let requestID: String
  let tenant: String
  let engineer: PersonView
  let terms: TermsView
  let start: Moment?
  let end: Moment?
  /// Nil unless it is open now.
  let left: TimeLeft?
  /// The window lies ahead.
  let isAhead: Bool
  let isBreakGlass: Bool
  let extends: String?

  init(_ grant: CommonV1.Grant, isLive: Bool, _ reading: Reading) {
    let begin = Timestamp(grant.startTime)
    let finish = Timestamp(grant.endTime)
    id = grant.grantID
    requestID = grant.requestID
    tenant = grant.tenantID
    engineer = PersonView(grant.engineer)
    terms = TermsView(.init(scope: grant.scope), reading)
    start = begin.map { reading.moment($0) }
    end = finish.map { reading.moment($0) }
    let isAhead = isLive && (begin.map { $0 > reading.now } ?? false)
    self.isAhead = isAhead
    left =
      if isLive, !isAhead, let begin, let finish, finish > reading.now {
        TimeLeft(end: finish, of: finish - begin, reading)
      } else { nil }
    isBreakGlass = grant.breakGlass
    extends = grant.extendsGrantID.ifAny
  }
}

/// The customer's look back at what break-glass gave.
struct ReviewView: Hashable, Sendable {
  let isOpen: Bool
  let verdict: String
  let due: Moment?
  let isOverdue: Bool
  let reviewer: PersonView?
  let comment: [String]
  let closed: Moment?

  init(_ review: CommonV1.BreakGlassReview, _ reading: Reading) {
    isOpen = review.verdict == .unspecified
    verdict = reading.texts("review.\(review.verdict.key)")
    due = reading.moment(review.dueTime)
    isOverdue = isOpen && (Timestamp(review.dueTime).map { $0 <= reading.now } ?? false)
    reviewer = review.reviewer.map { PersonView($0) }
    comment = reading.lines(review.comment)
    closed = reading.moment(review.closeTime)
  }
}
