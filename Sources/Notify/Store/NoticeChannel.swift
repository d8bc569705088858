internal import Domain
internal import Outbound
internal import ServiceKit

/// Where notices go besides mail, as an admin set it.
struct NoticeChannel: Hashable, Sendable {
  let id: ChannelID
  /// Whose people read it; nil: the provider's.
  let owner: TenantID?
  let name: String
  let target: Target
  /// Empty: every kind.
  let kinds: Set<NoticeKind>
  /// Empty: every workload, and what is of no request.
  let workloads: Set<Workload>
  /// Nil: the tenant's.
  let language: NoticeLanguage?
  let isPaused: Bool
  /// PEM; empty: whom the service trusts by itself.
  let authorities: String
  let created: Timestamp
  let updated: Timestamp
  let version: UInt64

  enum Target: Hashable, Sendable {
    case webhook(HTTPSURL, WebhookKey.Scheme)
    case slack(HTTPSURL)
    case teams(HTTPSURL)
  }

  /// How it is signed; nil where nothing is.
  var scheme: WebhookKey.Scheme? {
    switch target {
    case .webhook(_, let scheme): scheme
    case .slack, .teams: nil
    }
  }

  var url: HTTPSURL {
    switch target {
    case .webhook(let url, _), .slack(let url), .teams(let url): url
    }
  }

  /// Whether people read it as it comes, and quiet hours are theirs too.
  var isRead: Bool { scheme == nil }
}

/// A secret of a channel, with the moment until which it signs.
struct ChannelKey: Hashable, Sendable {
  let bytes: [UInt8]
  /// Nil: the present one.
  let expires: Timestamp?
}
