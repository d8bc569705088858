internal import Mustache

/// A view model as templates read it: taken apart once. Mustache itself would reflect on the model for
/// each value that a template names, and on all that lie around it: most of a long page's time.
final class ViewNode: MustacheParent {
  private let members: [String: Any]

  init(_ members: [String: Any]) { self.members = members }

  func child(named name: String) -> Any? { members[name] }

  /// What templates shall read for a value; nil for nothing.
  static func of(_ value: Any) -> Any? {
    switch value {
    // Out of their optionals, too.
    case let text as String: return text
    case let flag as Bool: return flag
    case let number as Int: return number
    case let members as [String: any Sendable]: return members
    case let text as any StringProtocol: return String(text)
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.flatMap { of($0.value) }
    case .collection, .set: return mirror.children.compactMap { of($0.value) }
    case .struct, .class:
      guard !mirror.children.isEmpty else { return value }
      var members: [String: Any] = [:]
      for (label, child) in mirror.children {
        if let label, let node = of(child) { members[label] = node }
      }
      return ViewNode(members)
    case .tuple, .enum, .dictionary, .foreignReference, .none: return value
    @unknown default: return value
    }
  }
}
