public import Domain

/// What only the notify service's configuration holds.
public struct NotifySettings: ConfigurationSection {
  /// How the mail server is spoken with.
  public struct Mail: Sendable, Hashable {
    public enum Security: String, Sendable, Hashable, CaseIterable {
      case startTLS = "starttls"
      case tls
      /// Only with a server on this machine.
      case plain
    }

    public let server: Address
    public let security: Security
    /// PEM file of whom to trust; the system's own by default.
    public let authorities: String
    /// Nil: no authentication.
    public let user: String?
    public let passwordFile: String?
    /// `From`, and whose domain message ids have.
    public let sender: String
    public let senderName: String
    public let listID: String?
    public let connections: Int
    public let timeout: Duration
  }

  public let mail: Mail
  /// What pages of the portal begin with, without the last `/`; nil: there is no portal.
  public let portal: String?
  /// Whom of the provider's people to tell: managers, by workload.
  public let providerContacts: [ProviderContact]
  public let providerLanguage: NoticeLanguage
  public let providerDetail: NoticeDetail
  public let providerTimeZone: String
  /// Whether engineers hear of their requests.
  public let tellsEngineers: Bool
  /// How long notices are kept after they were delivered, given up or dropped.
  public let retention: Duration
  /// Messages under way at once, of mails and of channels each.
  public let concurrency: Int
  /// Mails that one recipient gets in a minute at most; the others wait.
  public let mailsPerMinute: Int
  /// PEM file of whom to trust where channels lie; the system's own by default.
  public let channelAuthorities: String
  /// Whether channels may lie in private networks. Only in development.
  public let allowsPrivateChannels: Bool

  public init(_ values: ConfigurationValues, service: ServiceConfiguration) throws(StartError) {
    mail = try Mail(values)
    portal = try values.find(Keys.portal)
    providerContacts = try values.find(Keys.providerContacts).map(ProviderContactsFile.load) ?? []
    providerLanguage = try values.get(Keys.language)
    providerDetail = try values.get(Keys.detail)
    providerTimeZone = try values.get(Keys.timeZone)
    tellsEngineers = try values.get(Keys.tellsEngineers)
    retention = try values.get(Keys.retention)
    concurrency = try values.get(Keys.concurrency)
    mailsPerMinute = try values.get(Keys.mailsPerMinute)
    channelAuthorities = try values.get(Keys.channelAuthorities)
    allowsPrivateChannels = try values.get(Keys.allowsPrivateChannels)
    if service.environment == .production, allowsPrivateChannels {
      throw .configuration(
        """
        `\(Keys.allowsPrivateChannels.key)` may be `true` only where `environment` is \
        `development`: remove it.
        """)
    }
  }
}

extension NotifySettings {
  enum Keys {
    static let server = Setting<Address>.address("mail.server")
    static let security = Setting<Mail.Security>(
      "mail.security", "one of: starttls, tls, plain", default: .startTLS
    ) { Mail.Security(rawValue: $0.text) }
    static let authorities = Setting<String>.path(
      "mail.authorities", default: Issuer.systemAuthorities)
    static let user = Setting<String>.text("mail.user")
    static let passwordFile = Setting<String>.path("mail.password_file")
    static let sender = Setting<String>("mail.sender", "a mail address, local@domain") {
      MailAddressRule.allows($0.text) ? $0.text : nil
    }
    static let senderName = Setting<String>.text("mail.sender_name", limit: 64, default: "Lockbox")
    static let listID = Setting<String>.text("mail.list_id", limit: 255)
    static let connections = Setting<Int>.number("mail.connections", in: 1...64, default: 8)
    static let timeout = Setting<Duration>.duration(
      "mail.timeout", in: .seconds(1) ... .seconds(600), default: .seconds(60))
    static let portal = Setting<String>(
      "portal.url", "an https URL without a query, such as https://lockbox.example"
    ) { raw in
      guard HTTPSURL(raw.text) != nil, !raw.text.contains("?") else { return nil }
      return raw.text.hasSuffix("/") ? String(raw.text.dropLast()) : raw.text
    }
    static let providerContacts = Setting<String>.path("notices.provider_contacts")
    static let language = Setting<NoticeLanguage>(
      "notices.language", "one of: en, de", default: .english
    ) { NoticeLanguage(rawValue: $0.text) }
    static let detail = Setting<NoticeDetail>(
      "notices.detail", "one of: none, summary, full", default: .summary
    ) { raw in
      switch raw.text {
      case "none": NoticeDetail.none
      case "summary": .summary
      case "full": .full
      default: nil
      }
    }
    static let timeZone = Setting<String>.text("notices.time_zone", limit: 64, default: "UTC")
    static let tellsEngineers = Setting<Bool>.flag("notices.tell_engineers", default: true)
    static let retention = Setting<Duration>.duration(
      "notices.retention", in: .hours(24) ... .hours(400 * 24), default: .hours(90 * 24))
    static let concurrency = Setting<Int>.number("notices.concurrency", in: 1...256, default: 16)
    static let mailsPerMinute = Setting<Int>.number(
      "notices.mails_per_minute", in: 1...1_000_000, default: 600)
    static let channelAuthorities = Setting<String>.path(
      "channels.authorities", default: Issuer.systemAuthorities)
    static let allowsPrivateChannels = Setting<Bool>.flag(
      "channels.allow_private_addresses", default: false)
  }

  public static var settings: [any AnySetting] {
    [
      Keys.server, Keys.security, Keys.authorities, Keys.user, Keys.passwordFile, Keys.sender,
      Keys.senderName, Keys.listID, Keys.connections, Keys.timeout, Keys.portal,
      Keys.providerContacts, Keys.language, Keys.detail, Keys.timeZone, Keys.tellsEngineers,
      Keys.retention, Keys.concurrency, Keys.mailsPerMinute, Keys.channelAuthorities,
      Keys.allowsPrivateChannels,
    ]
  }
}

extension NotifySettings.Mail {
  fileprivate init(_ values: ConfigurationValues) throws(StartError) {
    typealias Keys = NotifySettings.Keys
    server = try values.get(Keys.server)
    security = try values.get(Keys.security)
    authorities = try values.get(Keys.authorities)
    user = try values.find(Keys.user)
    passwordFile = try values.find(Keys.passwordFile)
    sender = try values.get(Keys.sender)
    senderName = try values.get(Keys.senderName)
    listID = try values.find(Keys.listID)
    connections = try values.get(Keys.connections)
    timeout = try values.get(Keys.timeout)
    guard (user == nil) == (passwordFile == nil) else {
      throw .configuration(
        "`\(Keys.user.key)` and `\(Keys.passwordFile.key)` belong together: give both or neither.")
    }
  }
}
