internal import Domain
internal import Mail
internal import Outbound

/// What came of one attempt to send a message.
enum SendingOutcome: Hashable, Sendable {
  case accepted
  /// Never, whatever is tried again.
  case refused(String)
  /// Nothing was taken over; the next attempt may be good.
  case deferred(String, retryAfter: Duration? = nil)
  /// It may have been taken over, and it may not.
  case unknown(String)
  /// The receiver is gone for good.
  case gone

  init(_ outcome: MailOutcome) {
    self =
      switch outcome {
      case .accepted: .accepted
      case .refused(let code, let reply): .refused("\(code) \(reply)")
      case .deferred(let reason): .deferred(reason)
      case .unknown(let reason): .unknown(reason)
      }
  }

  init(_ outcome: DeliveryOutcome) {
    self =
      switch outcome {
      case .delivered: .accepted
      case .failed(let reason, let retryAfter): .deferred(reason, retryAfter: retryAfter)
      case .refused(let reason): .refused(reason)
      case .gone: .gone
      }
  }

  /// The receiver has said what becomes of this message.
  var isAnswer: Bool {
    switch self {
    case .accepted, .refused: true
    case .deferred, .unknown, .gone: false
    }
  }

  /// Why it was not good; empty where it was.
  var reason: String {
    switch self {
    case .accepted: ""
    case .refused(let reason), .deferred(let reason, _), .unknown(let reason): reason
    case .gone: "the receiver is gone"
    }
  }
}
