internal import RPC

extension Report {
  /// For people: latencies in milliseconds.
  func text(_ title: String) -> String {
    let failed = operations.ended - succeeded
    var lines = [
      title,
      """
      \(succeeded) succeeded, \(failed) failed in \(Self.fixed(elapsed / .seconds(1), 2)) s: \
      \(Self.fixed(perSecond, 0))/s
      """,
    ]
    var table = [["milliseconds"] + Self.percentiles.map(\.name)]
    for (name, samples) in [("operation", operations)] + steps.map({ ($0.name, $0.samples) }) {
      table.append(
        [name]
          + Self.percentiles.map { samples.percentile($0.percent).map(Self.milliseconds) ?? "–" })
    }
    let width = table.map { $0[0].count }.max() ?? 0
    for row in table {
      lines.append(
        Self.padded(row[0], width, left: true)
          + row.dropFirst().map { Self.padded($0, 11, left: false) }.joined())
    }
    for (code, count) in operations.errors.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      lines.append("\(code.name) \(count): \(operations.messages[code] ?? "")")
    }
    return lines.joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int, left: Bool) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + space : space + text
  }
}
