internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import Words

/// What is known of a request: enough to say who is told of what, and whether it still has a point.
struct StoredRequest: Hashable, Sendable {
  let id: RequestID
  let tenant: TenantID
  /// The serialised lockbox.common.v1.AccessRequest.
  let accessRequest: [UInt8]
  let engineerMail: String
  var progress = RequestProgress()
}

/// How far a request has come, as approvals' events tell it.
struct RequestProgress: Hashable, Sendable {
  var phase = Phase.received
  /// The open stage, or the last that was.
  var stage = 0
  var side = CommonV1.Side.unspecified
  var stageName = ""
  var deadline: Timestamp?
  /// The customer's people know of it: their stage was opened, or the glass was broken.
  var isKnownToCustomer = false
  var isBreakGlass = false
  /// Until when the customer is to review it; nil: it need not, or has.
  var reviewDue: Timestamp?
  /// Who decided last, and what they said.
  var decidedBy = ""
  var comment = ""

  /// Numbered as they are stored.
  enum Phase: Int, Sendable, CaseIterable {
    case received = 1
    case awaitingProvider
    case awaitingCustomer
    case approved
    case denied
    case expired
    case withdrawn
    case revoked
    case ended

    /// Whether somebody can still decide.
    var isPending: Bool {
      switch self {
      case .received, .awaitingProvider, .awaitingCustomer: true
      case .approved, .denied, .expired, .withdrawn, .revoked, .ended: false
      }
    }
  }

  /// Follows an event of approvals' feed.
  mutating func apply(_ payload: EventV1.Event.Payload) {
    switch payload {
    case .stageOpened(let it):
      phase = it.side == .customer ? .awaitingCustomer : .awaitingProvider
      stage = Int(it.stage)
      side = it.side
      stageName = it.name
      deadline = Timestamp(it.deadline)
      if it.side == .customer { isKnownToCustomer = true }
    case .accessRequestApproved: phase = .approved
    case .accessRequestDenied: phase = .denied
    case .accessRequestExpired: phase = .expired
    case .accessRequestWithdrawn: phase = .withdrawn
    case .grantRevoked: phase = .revoked
    case .grantEnded: phase = .ended
    case .decisionRecorded(let it):
      decidedBy = it.decision?.approver?.short ?? ""
      comment = it.decision?.comment ?? ""
    case .breakGlassOpened:
      isBreakGlass = true
      isKnownToCustomer = true
    case .breakGlassUsed(let it):
      isBreakGlass = true
      isKnownToCustomer = true
      reviewDue = Timestamp(it.reviewDueTime)
    case .breakGlassReviewClosed: reviewDue = nil
    default: break
    }
  }

  /// Whether the stage still waits for its people.
  func waits(at stage: Int) -> Bool { phase.isPending && self.stage == stage }
}
