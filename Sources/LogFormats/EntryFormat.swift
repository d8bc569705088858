/// How entries of a log are written for other programs to read.
public enum EntryFormat: String, Sendable, CaseIterable {
  /// One object of JSON a line, with all that the entry says.
  case jsonLines = "jsonl"
  /// RFC 4180, safe to open in a spreadsheet.
  case csv
  /// Open Cybersecurity Schema Framework 1.6.0, JSON.
  case ocsf
  /// ArcSight Common Event Format, version 0.
  case cef
  /// CloudEvents 1.0, structured JSON.
  case cloudEvents = "cloudevents"

  /// What stands before the first entry, without a line's end.
  public var header: String? {
    switch self {
    case .csv: CSVFormat.header
    case .jsonLines, .ocsf, .cef, .cloudEvents: nil
    }
  }

  /// One entry, without a line's end. Only CSV's quoted fields may hold line ends.
  public func text(_ record: EntryRecord) -> String {
    switch self {
    case .jsonLines: JSONLinesFormat.line(record)
    case .csv: CSVFormat.row(record)
    case .ocsf: OCSFFormat.line(record)
    case .cef: CEFFormat.line(record)
    case .cloudEvents: CloudEventFormat(record).structured
    }
  }

  /// The media type of one entry.
  public var contentType: String {
    switch self {
    case .jsonLines, .ocsf: "application/json"
    case .csv: "text/csv; charset=utf-8"
    case .cef: "text/plain; charset=utf-8"
    case .cloudEvents: CloudEventFormat.structuredType
    }
  }
}
