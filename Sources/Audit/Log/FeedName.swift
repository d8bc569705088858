internal import ServiceKit

/// The feeds that the log keeps: those of other services, and what it says of itself.
enum FeedName: String, Sendable, CaseIterable {
  case intake
  case approvals
  case expiry
  case export
  case notify
  case audit

  /// What other services serve.
  static let consumed: [FeedName] = [.intake, .approvals, .expiry, .export, .notify]

  var service: ServiceName {
    switch self {
    case .intake: .intake
    case .approvals: .approvals
    case .expiry: .expiry
    case .export: .export
    case .notify: .notify
    case .audit: .audit
    }
  }
}
