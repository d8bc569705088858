/// The reasons that services give in `ErrorInfo`, in words.
enum Reason: String, CaseIterable {
  case requestExpired = "REQUEST_EXPIRED"
  case requestClosed = "REQUEST_CLOSED"
  case digestMismatch = "DIGEST_MISMATCH"
  case stageNotOpen = "STAGE_NOT_OPEN"
  case alreadyDecided = "ALREADY_DECIDED"
  case seatDecided = "SEAT_DECIDED"
  case nobodyCouldApprove = "NOBODY_COULD_APPROVE"
  case seatNotNamed = "SEAT_NOT_NAMED"
  case termsTooWide = "TERMS_TOO_WIDE"
  case startTooFar = "START_TOO_FAR"
  case grantNotLive = "GRANT_NOT_LIVE"
  case grantNotStarted = "GRANT_NOT_STARTED"
  case notDue = "NOT_DUE"
  case nothingToReview = "NOTHING_TO_REVIEW"
  case grantStillLive = "GRANT_STILL_LIVE"
  case reviewClosed = "REVIEW_CLOSED"
  case nothingAsked = "NOTHING_ASKED"
  case threadFull = "THREAD_FULL"
  case tenantAdminsOnly = "TENANT_ADMINS_ONLY"
  case versionMismatch = "VERSION_MISMATCH"
  case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
  case auditUnavailable = "AUDIT_UNAVAILABLE"
  case cosignaturesMissing = "COSIGNATURES_MISSING"
  case clockBehind = "CLOCK_WENT_BACK"
  case storageUnavailable = "STORAGE_UNAVAILABLE"

  var status: CommandStatus {
    switch self {
    case .requestExpired, .requestClosed, .digestMismatch, .stageNotOpen, .alreadyDecided,
      .seatDecided, .nobodyCouldApprove, .seatNotNamed, .termsTooWide, .startTooFar,
      .grantNotLive, .grantNotStarted, .notDue,
      .nothingAsked, .threadFull, .nothingToReview, .grantStillLive, .reviewClosed,
      .versionMismatch, .idempotencyKeyReused:
      .refused
    case .tenantAdminsOnly: .permission
    case .auditUnavailable, .cosignaturesMissing, .clockBehind, .storageUnavailable: .temporary
    }
  }

  /// - Parameter state: the request's, where the service tells it.
  func sentence(state: String?) -> String {
    let now = state.map { " It is \($0) now." } ?? ""
    return switch self {
    case .requestExpired:
      "The request's deadline has passed: nothing can be decided on it any more. Submit a new one."
    case .requestClosed:
      "The request is closed.\(now) If access is still needed, submit a new one."
    case .digestMismatch:
      "The request is not the one that was shown: nothing was decided. Look at it again and decide anew."
    case .stageNotOpen:
      "Another stage is open than the one that was shown.\(now) Look at the request again."
    case .alreadyDecided:
      "You have decided on this request already, and a decision stands. Nobody decides twice."
    case .seatDecided:
      "Whoever holds this seat has decided, or a delegate of theirs. A seat counts once."
    case .nobodyCouldApprove:
      "Too few approvers would be left: name a delegate, more people, or a group."
    case .seatNotNamed:
      "Only who is named in the settings has a seat to lend: have an admin name them."
    case .termsTooWide:
      """
      The terms go beyond what stands, which somebody may have narrowed since you looked: nothing \
      was decided. Look at the request again.
      """
    case .startTooFar: "Access can begin a week from now at the latest: choose an earlier --from."
    case .grantNotStarted:
      "The grant's window has not begun: `lockboxctl grant show` tells when it does."
    case .grantNotLive:
      "The grant is over.\(now) If access is still needed, submit a new request."
    case .notDue: "The deadline has not come yet."
    case .nothingToReview: "Break-glass gave no access here, so there is nothing to review."
    case .grantStillLive:
      "The access is not over: wait for its end, or end it with `lockboxctl revoke`, and review it then."
    case .reviewClosed: "The review is closed already: `lockboxctl show` tells by whom and how."
    case .nothingAsked: "Nobody has asked anything on this request yet."
    case .threadFull:
      "The thread of this request is full. Decide on what is known, or submit a clearer request."
    case .tenantAdminsOnly:
      "The tenant's settings are its own: only its admins change them."
    case .versionMismatch:
      "Somebody has changed it meanwhile.\(now) Look at what stands, and apply again."
    case .idempotencyKeyReused:
      "This idempotency key stands for another request already: use a new key for new content."
    case .auditUnavailable:
      """
      The audit log cannot confirm the approval now, and without it no token is given. The grant \
      stands: try again in a moment.
      """
    case .cosignaturesMissing:
      """
      Too few of the tenant's witnesses have cosigned the log, and without them no token is given. \
      The grant stands: try again in a moment, and tell the tenant which of its witnesses is down.
      """
    case .clockBehind:
      "The service's clock has gone back, and it grants nothing until that is over. Tell an operator."
    case .storageUnavailable:
      "The service cannot store anything now. Try again in a moment, and tell an operator."
    }
  }
}
