internal import Domain

/// What only the export service's configuration holds.
public struct ExportSettings: ConfigurationSection {
  /// Where collectors ask.
  public let https: HTTPSListenerSettings
  /// How long entries stay with export after they came; longer than collectors may look back.
  public let retention: Duration
  /// What collectors' URLs begin with, up to and without `/api`; nil: the HTTPS listener's address.
  public let publicURL: HTTPSURL?
  /// Requests that the activity API answers a publisher in one minute, per tenant.
  public let requestsPerMinute: Int
  /// Blobs on one page of a list.
  public let pageSize: Int
  /// PEM file of whom to trust where customers are told; the system's own by default.
  public let webhookAuthorities: String
  /// Whether webhooks may lie in private networks. Only in development.
  public let allowsPrivateWebhooks: Bool
  /// Between the first attempts to tell a webhook; doubled after each failure.
  public let webhookRetryDelay: Duration
  /// How long a webhook may fail before it is told nothing more.
  public let webhookPatience: Duration

  enum Keys {
    static let retention = Setting<Duration>.duration(
      "export.retention", in: .hours(7 * 24 + 1) ... .hours(400 * 24), default: .hours(8 * 24))
    static let publicURL = Setting<HTTPSURL>(
      "activity.public_url", "an https URL without a path, such as https://export.example:8443"
    ) { raw in
      guard let url = HTTPSURL(raw.text), url.target == "/", !raw.text.hasSuffix("/"),
        !raw.text.contains("?")
      else { return nil }
      return url
    }
    static let requestsPerMinute = Setting<Int>.number(
      "activity.requests_per_minute", in: 1...1_000_000, default: 2_000)
    static let pageSize = Setting<Int>.number("activity.page_size", in: 1...1_000, default: 200)
    static let webhookAuthorities = Setting<String>.path(
      "webhooks.authorities", default: "/etc/ssl/certs/ca-certificates.crt")
    static let allowsPrivateWebhooks = Setting<Bool>.flag(
      "webhooks.allow_private_addresses", default: false)
    static let webhookRetryDelay = Setting<Duration>.duration(
      "webhooks.retry_delay", in: .milliseconds(100) ... .seconds(3600), default: .seconds(10))
    static let webhookPatience = Setting<Duration>.duration(
      "webhooks.patience", in: .seconds(1) ... .hours(7 * 24), default: .hours(24))
  }

  public static var settings: [any AnySetting] {
    [
      Keys.retention, Keys.publicURL, Keys.requestsPerMinute, Keys.pageSize,
      Keys.webhookAuthorities, Keys.allowsPrivateWebhooks, Keys.webhookRetryDelay,
      Keys.webhookPatience,
    ] + HTTPSListenerSettings.settings
  }

  public init(_ values: ConfigurationValues, service: ServiceConfiguration) throws(StartError) {
    https = try HTTPSListenerSettings(values, files: service.transport)
    retention = try values.get(Keys.retention)
    publicURL = try values.find(Keys.publicURL)
    requestsPerMinute = try values.get(Keys.requestsPerMinute)
    pageSize = try values.get(Keys.pageSize)
    webhookAuthorities = try values.get(Keys.webhookAuthorities)
    allowsPrivateWebhooks = try values.get(Keys.allowsPrivateWebhooks)
    webhookRetryDelay = try values.get(Keys.webhookRetryDelay)
    webhookPatience = try values.get(Keys.webhookPatience)
    if service.environment == .production, allowsPrivateWebhooks {
      throw .configuration(
        """
        `\(Keys.allowsPrivateWebhooks.key)` may be `true` only where `environment` is \
        `development`: remove it.
        """)
    }
  }
}

extension Setting where Value == Int {
  /// A whole number within a range.
  public static func number(
    _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) -> Setting {
    Setting(
      key, "a number, \(range.lowerBound) to \(range.upperBound)", default: fallback
    ) { raw in
      guard let value = Int(raw.text), range.contains(value) else { return nil }
      return value
    }
  }
}
