internal import Domain

/// RFC 5424 messages, and their framing on a stream (RFC 6587 §3.4.1, RFC 5425 §4.3).
public struct SyslogFormat: Sendable, Hashable {
  /// What follows the header.
  public enum Body: Sendable, Hashable, CaseIterable {
    /// A sentence; the facts stand in the structured data.
    case sentence
    case cef
    case json
    case ocsf
  }

  public let body: Body
  /// HOSTNAME: who sends; what RFC 5424 does not allow there is sent as `-`.
  public let hostname: String

  public init(_ body: Body, hostname: String) {
    self.body = body
    self.hostname = Self.name(hostname, longest: 255)
  }

  /// One message without framing.
  public func message(_ record: EntryRecord) -> String {
    let priority = Self.facility * 8 + record.meaning.level.syslogSeverity
    let header = [
      "<\(priority)>1", Self.time(record.time), hostname, Self.application, "-",
      Self.name(record.kind, longest: 32),
    ]
    return header.joined(separator: " ") + " " + Self.structuredData(record) + " " + text(record)
  }

  /// The message with its length before it: `MSG-LEN SP SYSLOG-MSG`.
  public func frame(_ record: EntryRecord) -> [UInt8] {
    let message = Array(message(record).utf8)
    return Array("\(message.count) ".utf8) + message
  }

  /// `log audit` (RFC 5424 §6.2.1).
  static let facility = 13
  static let application = "lockbox"
  /// The private enterprise number for examples (RFC 5612): the project has none of its own.
  static let elementID = "lockbox@32473"

  private func text(_ record: EntryRecord) -> String {
    switch body {
    // Only here: the mark says that the text is UTF-8 (§6.4), and parsers of CEF and JSON choke on it.
    case .sentence:
      "\u{FEFF}" + record.sentence + (record.comment.map { ": \($0.visible())" } ?? "")
    case .cef: CEFFormat.line(record)
    case .json: JSONLinesFormat.line(record)
    case .ocsf: OCSFFormat.line(record)
    }
  }

  private static func structuredData(_ record: EntryRecord) -> String {
    let parameters = [
      ("eventId", record.eventID), ("kind", record.kind), ("index", "\(record.index)"),
      ("tenantId", record.tenant), ("requestId", record.requestID), ("grantId", record.grantID),
      ("actorId", record.actor?.id ?? ""), ("actorIssuer", record.actor?.issuer ?? ""),
      ("actorRole", record.actorRole), ("engineerId", record.engineer?.id ?? ""),
      ("workload", record.workload), ("reason", record.reason), ("verdict", record.verdict),
    ]
    let present = parameters.filter { !$0.1.isEmpty }
    return "[\(elementID)" + present.map { " \($0.0)=\"\(value($0.1))\"" }.joined() + "]"
  }

  /// A PARAM-VALUE (§6.3.3): `"`, `\` and `]` escaped.
  static func value(_ text: String) -> String {
    var value = ""
    for scalar in text.visible().unicodeScalars {
      if scalar == "\"" || scalar == "\\" || scalar == "]" { value += "\\" }
      value.unicodeScalars.append(scalar)
    }
    return value
  }

  /// PRINTUSASCII of a length, or the nil value.
  static func name(_ text: String, longest: Int) -> String {
    let bytes = text.utf8
    let isPrintable = bytes.allSatisfy { (33...126).contains($0) }
    return isPrintable && (1...longest).contains(bytes.count) ? text : "-"
  }

  /// RFC 3339 with at most six digits of a second (§6.2.3).
  private static func time(_ time: Timestamp) -> String {
    Timestamp(nanoseconds: time.nanoseconds - time.nanoseconds % 1_000).description
  }
}

extension EventMeaning.Level {
  /// §6.2.1: 6 informational, 5 notice, 4 warning, 3 error, 2 critical.
  fileprivate var syslogSeverity: Int {
    switch self {
    case .informational: 6
    case .low: 5
    case .medium: 4
    case .high: 2
    }
  }
}
