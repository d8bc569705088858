/// What a tenant's admins set about notices.
public struct NotificationSettings: Hashable, Sendable {
  /// Whom to tell by mail besides the tenant's contacts, who hear of everything.
  public let recipients: [MailRecipient]
  public let detail: NoticeDetail
  /// Of contacts, and of whoever names none.
  public let language: NoticeLanguage
  /// As the IANA time-zone database names it.
  public let timeZone: String
  public let quietHours: QuietHours?
  /// How long notices by mail that can wait are gathered; nil: each is sent by itself.
  public let digestInterval: Duration?

  public init(
    recipients: [MailRecipient] = [], detail: NoticeDetail = .summary,
    language: NoticeLanguage = .english, timeZone: String = "UTC", quietHours: QuietHours? = nil,
    digestInterval: Duration? = nil
  ) {
    self.recipients = recipients
    self.detail = detail
    self.language = language
    self.timeZone = timeZone
    self.quietHours = quietHours
    self.digestInterval = digestInterval
  }
}

/// Somebody who is told by mail.
public struct MailRecipient: Hashable, Sendable {
  public let address: String
  /// Nil: the tenant's.
  public let language: NoticeLanguage?
  /// Empty: every kind.
  public let kinds: Set<NoticeKind>
  /// Empty: every workload, and what is of no request.
  public let workloads: Set<Workload>

  public init(
    address: String, language: NoticeLanguage? = nil, kinds: Set<NoticeKind> = [],
    workloads: Set<Workload> = []
  ) {
    self.address = address
    self.language = language
    self.kinds = kinds
    self.workloads = workloads
  }
}

/// A part of each day in which notices wait, if they can.
public struct QuietHours: Hashable, Sendable {
  public let start: MinuteOfDay
  /// Before `start`: on the next day.
  public let end: MinuteOfDay

  public init(start: MinuteOfDay, end: MinuteOfDay) {
    self.start = start
    self.end = end
  }

  public func contains(_ time: MinuteOfDay) -> Bool {
    start < end ? time >= start && time < end : time >= start || time < end
  }
}

/// A minute of the day, `HH:MM`.
public struct MinuteOfDay: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Since midnight.
  public let minute: Int

  /// - Parameter minute: 0 to 1439.
  public init?(minute: Int) {
    guard (0..<1440).contains(minute) else { return nil }
    self.minute = minute
  }

  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
    else { return nil }
    self.minute = hour * 60 + minute
  }

  public static func < (left: Self, right: Self) -> Bool { left.minute < right.minute }

  public var description: String {
    let parts = [minute / 60, minute % 60]
    return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}

/// How much of a request leaves for mail servers, chats and webhooks.
public enum NoticeDetail: Int32, Sendable, Hashable, CaseIterable, Comparable {
  /// That something waits, until when, and where to read it.
  case none = 1
  /// Who, which workload, why by its code, the ticket, what for how long.
  case summary
  /// And resources, the justification, comments, questions and answers.
  case full

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The languages that notices are written in, by their codes (RFC 5646).
public enum NoticeLanguage: String, Sendable, Hashable, CaseIterable {
  case english = "en"
  case german = "de"
}

/// What a notice is about, numbered as in the API.
public enum NoticeKind: Int32, Sendable, Hashable, CaseIterable {
  case approvalNeeded = 1
  case reminder
  case aboutToExpire
  case escalated
  case quorumOutOfReach
  case approved
  case denied
  case expired
  case withdrawn
  case question
  case answer
  case grantRevoked
  case grantEnded
  case breakGlassOpened
  case breakGlassUsed
  case reviewDue
  case reviewClosed
  case settingsChanged
  case keyRegistered
  case progress
  case test
}

/// Whose people are told, numbered as in the API.
public enum Audience: Int32, Sendable, Hashable, CaseIterable {
  case customer = 1
  case managers
  /// The one who asked.
  case engineer
}
