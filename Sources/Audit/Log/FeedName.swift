internal import ServiceKit

/// The feeds that the log keeps.
enum FeedName: String, Sendable, CaseIterable {
  case intake
  case approvals
  case expiry
  case export

  var service: ServiceName {
    switch self {
    case .intake: .intake
    case .approvals: .approvals
    case .expiry: .expiry
    case .export: .export
    }
  }
}
