internal import Domain
internal import LockboxProto
internal import Outbound
internal import ServiceKit

enum DestinationKind {}
typealias DestinationID = ID<DestinationKind>

/// Where a log is sent, as an admin has set it.
struct Destination: Hashable, Sendable {
  let id: DestinationID
  /// Nil: the provider's own log.
  let tenant: TenantID?
  let name: String
  let target: Target
  /// The payloads' field names; empty: every kind.
  let kinds: Set<String>
  let includesTexts: Bool
  let isPaused: Bool
  /// PEM; empty: those of the service.
  let authorities: String
  let created: Timestamp
  let updated: Timestamp
  let version: UInt64

  enum Target: Hashable, Sendable {
    case webhook(HTTPSURL, CommonV1.WebhookFormat, WebhookKey.Scheme)
    case syslog(Address, CommonV1.SyslogFormat)
  }

  /// Whether entries of a kind are sent.
  func wants(_ kind: String) -> Bool { kinds.isEmpty || kinds.contains(kind) }
}
