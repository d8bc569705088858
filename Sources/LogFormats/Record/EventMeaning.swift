/// What a kind of event means to security tools: one row for all formats.
struct EventMeaning: Sendable, Hashable {
  let title: String
  let level: Level
  let ocsf: OCSFActivity

  /// How much a security team should care, before it has rules of its own.
  enum Level: Int, Sendable, CaseIterable {
    case informational = 1
    case low
    case medium
    case high
  }

  init(_ title: String, _ level: Level, _ ocsf: OCSFActivity) {
    self.title = title
    self.level = level
    self.ocsf = ocsf
  }

  static let unknownKind = "unknown"
  /// Of a message that only tries a destination.
  static let testKind = "test"

  /// The row of a kind, which is the payload's field name. A kind of a newer service has none: its
  /// event is told of all the same.
  static func of(_ kind: String) -> EventMeaning {
    if kind == testKind { return EventMeaning("Test of a destination", .informational, .other) }
    return rows[kind] ?? EventMeaning("Event of a kind that is not known here", .low, .other)
  }
}
