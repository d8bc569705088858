internal import LockboxProto

extension SettingsSection {
  private static let reasons: [CommonV1.ReasonCode] = [
    .customerInitiatedSupport, .providerInitiatedService, .securityReview, .thirdPartyDemand,
    .productionAlert,
  ]

  /// Break-glass: allowed for some reasons, or not at all.
  static let emergency = SettingsSection(
    word: "emergency",
    items: [
      SettingsItem(
        name: "emergency_reasons", path: "settings.break_glass", kind: .choices(reasons.map(\.key))
      ) {
        $0.breakGlass?.reasons.map(\.key) ?? []
      } write: { values, settings in
        let chosen = reasons.filter { values.contains($0.key) }
        guard !chosen.isEmpty else {
          settings.breakGlass = nil
          return true
        }
        settings.breakGlass = settings.breakGlass ?? .init()
        settings.breakGlass?.reasons = chosen
        return true
      },
      breakGlassDuration(
        "emergency_access", "settings.break_glass.longest_access", \.longestAccess),
      breakGlassDuration(
        "emergency_review", "settings.break_glass.review_lifetime", \.reviewLifetime),
    ])

  private static func breakGlassDuration(
    _ name: String, _ path: String,
    _ key: any WritableKeyPath<CommonV1.BreakGlassSettings, SettingsDuration.Message?> & Sendable
  ) -> SettingsItem {
    SettingsItem(name: name, path: path, kind: .duration) {
      $0.breakGlass?[keyPath: key].map { [SettingsDuration.text($0)] } ?? []
    } write: { values, settings in
      // Of nothing that is allowed there is no length.
      guard settings.breakGlass != nil else { return true }
      guard let text = values.first else {
        settings.breakGlass?[keyPath: key] = nil
        return true
      }
      guard let duration = SettingsDuration.message(text) else { return false }
      settings.breakGlass?[keyPath: key] = duration
      return true
    }
  }

  private static let details: [(word: String, detail: CommonV1.NoticeDetail)] = [
    ("none", .none), ("summary", .summary), ("full", .full),
  ]

  /// Who is told by mail, of how much, and when.
  static let notices = SettingsSection(
    word: "notices",
    items: [
      .lines("contacts", "settings.contacts", \.contacts),
      SettingsItem(
        name: "recipients", path: "settings.notifications.recipients", kind: .lines
      ) {
        $0.notifications?.recipients.map(\.address) ?? []
      } write: { values, settings in
        change(&settings) { notifications in
          // Whoever stays keeps what is said of them.
          notifications.recipients = values.map { address in
            notifications.recipients.first { $0.address == address } ?? .init(address: address)
          }
        }
      },
      SettingsItem(
        name: "detail", path: "settings.notifications.detail", kind: .choice(details.map(\.word))
      ) { settings in
        [details.first { $0.detail == settings.notifications?.detail }?.word ?? "summary"]
      } write: { values, settings in
        guard let chosen = details.first(where: { $0.word == values.first }) else { return false }
        return change(&settings) { $0.detail = chosen.detail }
      },
      SettingsItem(
        name: "language", path: "settings.notifications.language", kind: .choice(["en", "de"])
      ) {
        let language = $0.notifications?.language ?? ""
        return [language.isEmpty ? "en" : language]
      } write: { values, settings in
        change(&settings) { $0.language = values.first ?? "" }
      },
      noticeText("time_zone", "settings.notifications.time_zone", \.timeZone),
      noticeText("quiet_start", "settings.notifications.quiet_hours.start", \.quietStart),
      noticeText("quiet_end", "settings.notifications.quiet_hours", \.quietEnd),
      SettingsItem(
        name: "digest", path: "settings.notifications.digest_interval", kind: .duration
      ) {
        $0.notifications?.digestInterval.map { [SettingsDuration.text($0)] } ?? []
      } write: { values, settings in
        let duration = values.first.map { SettingsDuration.message($0) }
        if case .some(nil) = duration { return false }
        return change(&settings) { $0.digestInterval = duration ?? nil }
      },
    ])

  private static func noticeText(
    _ name: String, _ path: String,
    _ key: any WritableKeyPath<CommonV1.NotificationSettings, String> & Sendable
  ) -> SettingsItem {
    SettingsItem(name: name, path: path, kind: .text) {
      let text = $0.notifications?[keyPath: key] ?? ""
      return text.isEmpty ? [] : [text]
    } write: { values, settings in
      change(&settings) { $0[keyPath: key] = values.first ?? "" }
    }
  }

  /// Settings that say nothing of notices stay without, so that looking at a form changes nothing.
  private static func change(
    _ settings: inout Settings, _ body: (inout CommonV1.NotificationSettings) -> Void
  ) -> Bool {
    var notifications = settings.notifications ?? .init()
    body(&notifications)
    let isUnsaid =
      notifications == .init() || notifications == .init(detail: .summary, language: "en")
      || notifications == .init(detail: .summary) || notifications == .init(language: "en")
    settings.notifications = settings.notifications == nil && isUnsaid ? nil : notifications
    return true
  }
}

extension CommonV1.NotificationSettings {
  fileprivate var quietStart: String {
    get { quietHours?.start ?? "" }
    set { setQuiet(start: newValue, end: quietEnd) }
  }

  fileprivate var quietEnd: String {
    get { quietHours?.end ?? "" }
    set { setQuiet(start: quietStart, end: newValue) }
  }

  private mutating func setQuiet(start: String, end: String) {
    quietHours = start.isEmpty && end.isEmpty ? nil : .init(start: start, end: end)
  }
}
