internal import Domain
internal import MerkleLog

/// What the logs are called: the first line of their checkpoints and the name of their key.
struct Origins: Sendable {
  private let prefix: String

  /// Nil when key names cannot begin so (C2SP signed-note): with white space, `+`, or nothing.
  init?(prefix: String) {
    guard KeyName(prefix) != nil else { return nil }
    self.prefix = prefix
  }

  /// `<prefix>/<tenant>`, and `<prefix>/provider` for the provider's own.
  func origin(of log: LogName) -> KeyName {
    let name =
      switch log {
      case .provider: Self.provider
      // Whoever names a tenant like this must not make two logs of one name: a tenant's id has no
      // slash, so this one is nobody else's.
      case .tenant(let tenant) where tenant.text == Self.provider: "tenant/\(tenant)"
      case .tenant(let tenant): tenant.text
      }
    guard let origin = KeyName("\(prefix)/\(name)") else {
      preconditionFailure("a tenant id that no key name may hold")
    }
    return origin
  }

  /// What of a log's origin stands behind the host, without the log's own name: empty, or beginning
  /// with a slash.
  var path: String { String(prefix.drop { $0 != "/" }) }

  /// The log that a name behind the prefix stands for; nil for what is no name.
  func log(_ name: String) -> LogName? {
    name.utf8.elementsEqual(Self.provider.utf8) ? .provider : TenantID(name).map { .tenant($0) }
  }

  private static let provider = "provider"
}
