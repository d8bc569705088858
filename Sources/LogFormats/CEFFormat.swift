internal import Domain

/// ArcSight Common Event Format (Micro Focus, "Implementing ArcSight Common Event Format", v26):
/// `CEF:0|vendor|product|version|class|name|severity|extension`.
enum CEFFormat {
  static func line(_ record: EntryRecord) -> String {
    let head = [
      // The version is that of the events.
      "Lockbox", "Lockbox", "1", record.kind, record.meaning.title,
      "\(record.meaning.level.cefSeverity)",
    ]
    return "CEF:0|" + head.map(header).joined(separator: "|") + "|" + fields(of: record)
  }

  private static func fields(of record: EntryRecord) -> String {
    var fields: [(key: String, value: String)] = [
      ("rt", "\(record.time.nanoseconds / 1_000_000)"),
      ("externalId", record.eventID),
      ("cat", record.meaning.ocsf.className),
      ("act", record.meaning.ocsf.activity.name),
      ("suid", record.actor?.id ?? ""),
      ("suser", record.actor.map { $0.name.isEmpty ? $0.id : $0.name } ?? ""),
      ("spriv", record.actorRole),
      ("duid", record.engineer?.id ?? ""),
      ("duser", record.engineer.map { $0.name.isEmpty ? $0.id : $0.name } ?? ""),
      ("destinationServiceName", record.workload),
      ("reason", record.reason),
      ("outcome", record.verdict),
      ("cn1", "\(record.index)"),
      ("cn1Label", "logIndex"),
    ]
    let custom = [
      ("cs1", "tenantId", record.tenant), ("cs2", "requestId", record.requestID),
      ("cs3", "grantId", record.grantID), ("cs4", "actorIssuer", record.actor?.issuer ?? ""),
      ("cs5", "resources", record.resources.joined(separator: " ")),
      ("cs6", "actions", record.actions.joined(separator: " ")),
      ("flexString1", "ticket", record.ticket),
    ]
    for (key, label, value) in custom where !value.isEmpty {
      fields += [(key, value), (key + "Label", label)]
    }
    if let comment = record.comment { fields.append(("msg", comment)) }
    return fields.filter { !$0.value.isEmpty }
      .map { "\($0.key)=\(value($0.value))" }.joined(separator: " ")
  }

  /// A header's field: no line ends, `\` and `|` escaped.
  static func header(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").visible()
  }

  /// An extension's value: line ends as `\n` and `\r`, `\` and `=` escaped.
  static func value(_ text: String) -> String {
    let visible = text.visible(keeping: ["\n", "\r"]).replacing("\\", with: "\\\\")
    var value = ""
    for scalar in visible.unicodeScalars {
      switch scalar {
      case "=": value += "\\="
      case "\n": value += "\\n"
      case "\r": value += "\\r"
      default: value.unicodeScalars.append(scalar)
      }
    }
    return value
  }
}

extension EventMeaning.Level {
  /// 0 to 10; ArcSight calls 0–3 low, 4–6 medium, 7–8 high, 9–10 very high.
  fileprivate var cefSeverity: Int {
    switch self {
    case .informational: 2
    case .low: 3
    case .medium: 6
    case .high: 9
    }
  }
}
