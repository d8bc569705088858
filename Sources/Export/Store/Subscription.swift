internal import Domain
internal import ServiceKit

/// A collector's subscription to one content type of its tenant.
struct Subscription: Hashable, Sendable {
  /// Whose: one for each subject, as the API has one for each application.
  struct Key: Hashable, Sendable {
    let tenant: TenantID
    /// Who subscribed.
    let client: Subject
    let type: ContentType
  }

  let key: Key
  var isEnabled: Bool
  var webhook: Webhook?
}

/// Where a subscription's collector is told of new content.
struct Webhook: Hashable, Sendable {
  /// What the collector asked for.
  struct Target: Hashable, Sendable {
    let address: HTTPSURL
    /// Sent along as `Webhook-AuthID`.
    let authID: String?
    /// Nothing is sent from then on.
    let expiration: Timestamp?
  }

  let target: Target
  /// Set when notifications failed for too long.
  var isDisabled = false
  /// The last index of the last blob that it was told of; nil: of none.
  var told: UInt64?
  /// Attempts that failed, one after the other.
  var failures = 0
  /// When the first of them did.
  var failingSince: Timestamp?
  /// Not before then; nil: as soon as there is something to tell.
  var nextAttempt: Timestamp?

  enum Status: String, Sendable {
    case enabled, disabled, expired
  }

  func status(at now: Timestamp) -> Status {
    if isDisabled { return .disabled }
    return target.expiration.map { $0 <= now } ?? false ? .expired : .enabled
  }
}

/// One attempt to tell a webhook of a blob.
struct NotificationAttempt: Hashable, Sendable {
  let blob: ContentBlob
  let sent: Timestamp
  let succeeded: Bool
  /// Ascending with the attempts.
  let number: Int64
}
