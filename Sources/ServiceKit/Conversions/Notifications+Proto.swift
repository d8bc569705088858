public import Domain
public import LockboxProto

extension NotificationSettings {
  public var message: CommonV1.NotificationSettings {
    CommonV1.NotificationSettings(
      recipients: recipients.map { recipient in
        CommonV1.MailRecipient(
          address: recipient.address, language: recipient.language?.rawValue ?? "",
          kinds: recipient.kinds.map(\.rawValue).sorted().map { .init(rawValue: $0) },
          workloads: recipient.workloads.sorted().map(\.text))
      }, detail: .init(rawValue: detail.rawValue), language: language.rawValue,
      timeZone: timeZone,
      quietHours: quietHours.map {
        .init(start: $0.start.description, end: $0.end.description)
      }, digestInterval: digestInterval.map { .init($0) })
  }

  /// Nil where there are none, and with a violation added where they cannot be read.
  public init?(_ message: CommonV1.NotificationSettings?, _ violations: inout Violations) {
    guard let message else { return nil }
    let field = "settings.notifications"
    let before = violations.found.count
    let recipients = message.recipients.enumerated().map { index, recipient in
      MailRecipient(recipient, "\(field).recipients[\(index)]", &violations)
    }
    let detail =
      message.detail == .unspecified
      ? .summary
      : violations.unwrap(
        NoticeDetail(rawValue: message.detail.rawValue), "\(field).detail", "is unknown")
    let language = violations.language(message.language, "\(field).language")
    let quiet = message.quietHours.flatMap { QuietHours($0, field, &violations) }
    let digest = message.digestInterval.flatMap { Duration($0) }
    violations.require(
      (digest != nil) == (message.digestInterval != nil), "\(field).digest_interval",
      "is no valid duration")
    guard violations.found.count == before, let detail else { return nil }
    self.init(
      recipients: recipients, detail: detail, language: language ?? .english,
      timeZone: message.timeZone.isEmpty ? "UTC" : message.timeZone, quietHours: quiet,
      digestInterval: digest)
  }
}

extension MailRecipient {
  fileprivate init(
    _ message: CommonV1.MailRecipient, _ field: String, _ violations: inout Violations
  ) {
    self.init(
      address: message.address,
      language: violations.language(message.language, "\(field).language"),
      kinds: violations.noticeKinds(message.kinds, "\(field).kinds"),
      workloads: Set(
        message.workloads.enumerated().compactMap { index, name in
          violations.workload(name, "\(field).workloads[\(index)]")
        }))
  }
}

extension QuietHours {
  fileprivate init?(
    _ message: CommonV1.QuietHours, _ field: String, _ violations: inout Violations
  ) {
    let problem = "must be HH:MM, 00:00 to 23:59"
    let start = violations.unwrap(
      MinuteOfDay(message.start), "\(field).quiet_hours.start", problem)
    let end = violations.unwrap(MinuteOfDay(message.end), "\(field).quiet_hours.end", problem)
    guard let start, let end else { return nil }
    self.init(start: start, end: end)
  }
}

extension Violations {
  /// Nil for an empty text, and with a violation added for a language that there is none of.
  public mutating func language(_ text: String, _ field: String) -> NoticeLanguage? {
    guard !text.isEmpty else { return nil }
    let known = NoticeLanguage.allCases.map(\.rawValue).joined(separator: ", ")
    return unwrap(NoticeLanguage(rawValue: text), field, "must be one of: \(known)")
  }

  public mutating func noticeKinds(
    _ kinds: [CommonV1.NoticeKind], _ field: String
  ) -> Set<NoticeKind> {
    Set(
      kinds.enumerated().compactMap { index, kind in
        unwrap(
          NoticeKind(rawValue: kind.rawValue), "\(field)[\(index)]", "is missing or unknown")
      })
  }
}
