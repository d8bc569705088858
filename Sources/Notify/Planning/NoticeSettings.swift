internal import Domain
internal import LockboxProto
internal import ServiceKit

/// Whom to tell, and how: what planning needs to know besides the event, all of it values.
struct NoticeSettings: Sendable {
  /// Of the tenant that the event is about; nil: none is known.
  let tenant: CommonV1.TenantSettings?
  /// The tenant's own.
  let customerChannels: [NoticeChannel]
  let provider: ProviderNotices
  let providerChannels: [NoticeChannel]
}

/// What the provider's people are told, as notify's configuration says.
struct ProviderNotices: Hashable, Sendable {
  let contacts: [MailRecipient]
  let language: NoticeLanguage
  let detail: NoticeDetail
  let timeZone: String
  /// Whether engineers hear of their requests.
  let tellsEngineers: Bool
}

/// A tenant's notification settings as planning uses them.
struct TenantNotices: Sendable {
  let recipients: [MailRecipient]
  let detail: NoticeDetail
  let language: NoticeLanguage
  let timeZone: String
  let quietHours: QuietHours?
  let digestInterval: Duration?

  /// Contacts hear of everything; who is also a recipient hears it once, in their language.
  init(_ settings: CommonV1.TenantSettings) {
    // Approvals has judged them; of what a newer one lets in, the rest is used.
    var violations = Violations()
    let notices =
      NotificationSettings(settings.notifications, &violations) ?? NotificationSettings()
    let languages = Dictionary(
      notices.recipients.map { ($0.address, $0.language) }, uniquingKeysWith: { first, _ in first })
    let contacts = Set(settings.contacts)
    var seen: Set<String> = []
    recipients =
      settings.contacts.filter { seen.insert($0).inserted }.map {
        MailRecipient(address: $0, language: languages[$0] ?? nil)
      } + notices.recipients.filter { !contacts.contains($0.address) }
    detail = notices.detail
    language = notices.language
    timeZone = notices.timeZone
    quietHours = notices.quietHours
    digestInterval = notices.digestInterval
  }
}
