/// RFC 4180 with a header, every field in quotes, safe against formula injection: what a spreadsheet
/// would take for a formula begins with an apostrophe (OWASP, "CSV Injection").
enum CSVFormat {
  static var header: String { columns.map { field($0.name) }.joined(separator: ",") }

  static func row(_ record: EntryRecord) -> String {
    columns.map { field($0.value(record)) }.joined(separator: ",")
  }

  private struct Column: Sendable {
    let name: String
    let value: @Sendable (EntryRecord) -> String

    init(_ name: String, _ value: @escaping @Sendable (EntryRecord) -> String) {
      self.name = name
      self.value = value
    }
  }

  private static let columns = [
    Column("index") { "\($0.index)" },
    Column("time") { $0.timeText },
    Column("event_id") { $0.eventID },
    Column("kind") { $0.kind },
    Column("title") { $0.meaning.title },
    Column("severity") { $0.meaning.level.name },
    Column("tenant_id") { $0.tenant },
    Column("request_id") { $0.requestID },
    Column("grant_id") { $0.grantID },
    Column("actor_issuer") { $0.actor?.issuer ?? "" },
    Column("actor_id") { $0.actor?.id ?? "" },
    Column("actor_name") { $0.actor?.name ?? "" },
    Column("actor_role") { $0.actorRole },
    Column("engineer_id") { $0.engineer?.id ?? "" },
    Column("workload") { $0.workload },
    Column("reason") { $0.reason },
    Column("verdict") { $0.verdict },
    Column("ticket") { $0.ticket },
    Column("resources") { $0.resources.joined(separator: " ") },
    Column("actions") { $0.actions.joined(separator: " ") },
    Column("comment") { $0.comment ?? "" },
  ]

  /// What makes spreadsheets calculate when a cell begins with it, the full-width forms too, which
  /// some locales read alike.
  private static let starters: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
  ]

  /// One field in quotes. Line ends stay, as RFC 4180 has them; other controls become visible.
  static func field(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { starters.contains($0) } ?? false
    let visible = text.visible(keeping: ["\n", "\r", "\t"])
    let quoted = visible.replacing("\"", with: "\"\"")
    return isFormula ? "\"'\(quoted)\"" : "\"\(quoted)\""
  }
}

extension EventMeaning.Level {
  /// As OCSF names them.
  var name: String {
    switch self {
    case .informational: "Informational"
    case .low: "Low"
    case .medium: "Medium"
    case .high: "High"
    }
  }
}
