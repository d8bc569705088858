internal import ServiceKit

/// An entry of the navigation. A new area: a case, its path, whom it is for, and `area.<word>` in
/// the languages.
enum Area: String, Sendable, CaseIterable {
  case requests
  case access
  case history
  case settings
  /// What an engineer asked for.
  case own
  /// What waits for a manager.
  case queue

  var path: String {
    switch self {
    case .requests: "/requests"
    case .access: "/access"
    case .history: "/history"
    case .settings: "/settings"
    case .own: "/own"
    case .queue: "/queue"
    }
  }

  /// Who sees the entry; who may do something is the API's to say.
  func isFor(_ roles: Set<Role>) -> Bool {
    switch self {
    case .requests: !roles.isDisjoint(with: [.approver, .admin, .auditor])
    case .access: !roles.isDisjoint(with: [.approver, .admin, .auditor, .manager])
    case .history: !roles.isDisjoint(with: [.approver, .admin, .auditor, .operator])
    case .settings: !roles.isDisjoint(with: [.admin, .approver, .auditor])
    case .own: roles.contains(.engineer)
    case .queue: roles.contains(.manager)
    }
  }

  /// Where somebody begins.
  static func first(for roles: Set<Role>) -> Area? { built.first { $0.isFor(roles) } }

  /// Those that have pages.
  static var built: [Area] { allCases }
}
