internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import Words

/// The page on a period that an auditor reads and prints. It holds nothing but what the entries say,
/// loads nothing and runs nothing.
struct Summary {
  let evidence: PeriodEvidence
  /// Of the range.
  let entries: [LoggedEntry]
  let ledger: AccessLedger

  init(_ evidence: PeriodEvidence, _ entries: [LoggedEntry]) {
    self.evidence = evidence
    self.entries = entries
    ledger = AccessLedger(entries)
  }

  var page: String {
    let name = evidence.tenantID.isEmpty ? "the provider's own log" : evidence.tenantID
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>Lockbox evidence: \(HTMLText.line(name))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <h1>Access to \(HTMLText.line(name))</h1>
      <p>\(evidence.period.lowerBound) to \(evidence.period.upperBound) (UTC, the end excluded)</p>
      \(log)
      <h2>Accesses in the period</h2>
      \(accesses)
      <h2>Requests of the period</h2>
      \(requests)
      <h2>Controls</h2>
      \(controls)
      <h2>Entries</h2>
      \(list)
      </body>
      </html>

      """
  }

  private static let style = """
    body { font: 10pt/1.4 sans-serif; margin: 2em; color: #111; }
    h1 { font-size: 16pt; } h2 { font-size: 12pt; margin-top: 2em; }
    table { border-collapse: collapse; width: 100%; }
    th, td { border: 1px solid #999; padding: 0.3em 0.5em; text-align: left; vertical-align: top;
      overflow-wrap: anywhere; }
    th { background: #eee; } tr { break-inside: avoid; }
    pre { border: 1px solid #999; padding: 0.5em; white-space: pre-wrap; overflow-wrap: anywhere; }
    .loud { font-weight: bold; } .period { background: #fff; } .around { color: #666; }
    @media print { body { margin: 0; } a { color: inherit; text-decoration: none; } }
    """

  private var log: String {
    let range =
      entries.isEmpty
      ? "No entry" : "Entries \(evidence.firstIndex) to \(evidence.endIndex - 1)"
    return """
      <p>\(range) of the log <b>\(HTMLText.line(evidence.logKey.name.rawValue))</b>, with what lies \
      around the period. The log signed this:</p>
      <pre>\(HTMLText.lines(evidence.checkpoint))</pre>
      <p>Do not believe this page: <code>lockbox-verify evidence DIRECTORY --log-key KEY</code> \
      checks on any machine, without network, that every entry stands in the signed log, that none \
      is missing between them, that each grant was approved as it says, and that this page is what \
      the entries make. KEY is the log's key as you were given it, not as this page says.</p>
      """
  }

  func isOfPeriod(_ entry: LoggedEntry) -> Bool { evidence.period.contains(entry.time) }

  /// A reference to an entry further down.
  static func link(_ index: UInt64) -> String { "<a href=\"#e\(index)\">\(index)</a>" }

  static func table(_ headings: [String], _ rows: [[String]], empty: String) -> String {
    guard !rows.isEmpty else { return "<p>\(empty)</p>" }
    func line(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\($0)</\(tag)>" }.joined() + "</tr>"
    }
    return (["<table>", line(headings, "th")] + rows.map { line($0, "td") } + ["</table>"])
      .joined(separator: "\n")
  }

  private var controls: String {
    let shown = entries.filter(isOfPeriod)
    let rows = Control.all.map { control in
      let entries = shown.filter { $0.event.payload.map(control.isShown) ?? false }.map(\.index)
      return [
        HTMLText.line(control.id), HTMLText.line(control.statement), HTMLText.line(control.shownBy),
        entries.isEmpty ? "none in this period" : Self.runs(entries),
      ]
    }
    return Self.table(["control", "statement", "shown by", "entries"], rows, empty: "")
  }

  /// `3, 7–9`
  static func runs(_ indexes: [UInt64]) -> String {
    var runs: [ClosedRange<UInt64>] = []
    for index in indexes {
      if let last = runs.last, last.upperBound + 1 == index {
        runs[runs.count - 1] = last.lowerBound...index
      } else {
        runs.append(index...index)
      }
    }
    let texts = runs.map { run in
      run.count == 1 ? link(run.lowerBound) : "\(link(run.lowerBound))–\(link(run.upperBound))"
    }
    return texts.isEmpty ? "none" : texts.joined(separator: ", ")
  }

  private var list: String {
    let rows = entries.map { entry in
      let part = isOfPeriod(entry) ? "period" : "around"
      let cells =
        [
          "\(entry.index)", "\(entry.time)", entry.event.kind, entry.event.requestID,
          entry.event.who,
        ].map(HTMLText.line) + [HTMLText.lines(entry.event.summary)]
      return "<tr id=\"e\(entry.index)\" class=\"\(part)\">"
        + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
    }
    let headings = ["entry", "time", "event", "request", "who", "what"]
    return """
      <p>Grey: around the period, to show that nothing of it is left out.</p>
      <table>
      <tr>\(headings.map { "<th>\($0)</th>" }.joined())</tr>
      \(rows.joined(separator: "\n"))
      </table>
      """
  }
}
