public import Domain
public import RPC

extension RPCError {
  /// What a caller is told of a refusal of the state machine, with the state that stands in its way.
  public static func refused(_ refusal: Refusal, state: RequestState.Name? = nil) -> RPCError {
    let metadata = state.map { ["state": $0.protoName] } ?? [:]
    func failed(_ message: String, _ reason: String) -> RPCError {
      reasoned(.failedPrecondition, message, reason: reason, metadata: metadata)
    }
    switch refusal {
    case .requestExpired: return failed("the request has expired", "REQUEST_EXPIRED")
    case .requestClosed: return failed("the request is closed", "REQUEST_CLOSED")
    case .digestMismatch:
      return failed("the decision is on another request digest", "DIGEST_MISMATCH")
    case .stageNotOpen: return failed("this stage is not open", "STAGE_NOT_OPEN")
    case .termsTooWide:
      return failed("the terms go beyond those that stand", "TERMS_TOO_WIDE")
    case .startTooFar: return failed("the terms begin too far ahead", "START_TOO_FAR")
    case .signatureRequired:
      return failed("the stage counts only signed decisions", "SIGNATURE_REQUIRED")
    case .keyRevoked: return failed("the key was revoked", "KEY_REVOKED")
    case .nothingAsked: return failed("nobody has asked anything", "NOTHING_ASKED")
    case .threadFull: return failed("the thread is full", "THREAD_FULL")
    case .grantNotStarted:
      return failed("the grant has not begun", "GRANT_NOT_STARTED")
    case .grantNotLive: return failed("the grant is not live", "GRANT_NOT_LIVE")
    case .notDue: return failed("the deadline has not come", "NOT_DUE")
    case .nothingToReview:
      return failed("no break-glass access is to be reviewed", "NOTHING_TO_REVIEW")
    case .grantStillLive: return failed("the access is not over", "GRANT_STILL_LIVE")
    case .reviewClosed: return failed("the review is closed", "REVIEW_CLOSED")
    case .alreadyDecided:
      return reasoned(
        .alreadyExists, "you have decided otherwise before", reason: "ALREADY_DECIDED",
        metadata: metadata)
    case .seatDecided:
      return reasoned(
        .alreadyExists, "the seat's holder has decided, or a delegate of theirs",
        reason: "SEAT_DECIDED", metadata: metadata)
    case .ownRequest, .ownKey, .notEligible, .notRequester: return denied
    }
  }
}

extension RequestState.Name {
  /// As the API writes it: `AWAITING_PROVIDER`.
  public var protoName: String {
    switch self {
    case .received: "RECEIVED"
    case .awaitingProvider: "AWAITING_PROVIDER"
    case .awaitingCustomer: "AWAITING_CUSTOMER"
    case .approved: "APPROVED"
    case .denied: "DENIED"
    case .expired: "EXPIRED"
    case .withdrawn: "WITHDRAWN"
    case .revoked: "REVOKED"
    case .ended: "ENDED"
    }
  }
}
