internal import RPC

extension Report {
  /// For people: latencies in milliseconds.
  var text: String {
    var lines = [isInterrupted ? "\(title) (ended early)" : title, summary]
    if let seed { lines.append("seed \(seed)") }
    lines += ["", "latency in milliseconds"] + methods
    if phases.count > 1 { lines += ["", "against load"] + steps }
    if let saturated {
      let part = Self.fixed(100 * saturated.achieved / saturated.offered, 0)
      lines += [
        "",
        """
        saturated from \(Self.fixed(saturated.offered, 0))/s: \
        \(Self.fixed(saturated.achieved, 0))/s (\(part) %) succeeded in time
        """,
      ]
    } else if phases.count > 1 {
      lines += ["", "not saturated: at every load at least 95 % succeeded in time"]
    }
    lines += failures
    return lines.joined(separator: "\n")
  }

  private var summary: String {
    let operations = total.operations
    var parts = ["\(operations.succeeded) succeeded", "\(operations.failed) failed"]
    if total.recording.overflowed > 0 {
      parts.append("\(total.recording.overflowed) not begun (too many in flight)")
    }
    var rate = "\(Self.fixed(total.achieved, 0))/s"
    if isOpenLoop { rate += " of \(Self.fixed(total.offered, 0))/s offered" }
    return
      "\(parts.joined(separator: ", ")) in \(Self.fixed(total.elapsed.inSeconds, 2)) s: \(rate)"
  }

  private var methods: [String] {
    var table = TextTable(["", "count", "per s"] + Self.percentiles.map(\.name) + ["failed"])
    let scenarios = rows.filter { !$0.isStep }.count
    if scenarios > 1 { table.add(line("all", total.operations)) }
    for (row, samples) in zip(rows, total.recording.rows) {
      table.add(line(row.isStep ? "  \(row.name)" : row.name, samples))
    }
    let delays = Self.percentiles.map { Self.cell(total.recording.delays, $0.percent) }
    if isOpenLoop { table.add(["(begun late by)", "", ""] + delays + [""]) }
    return table.lines
  }

  private func line(_ name: String, _ samples: Samples) -> [String] {
    [name, "\(samples.succeeded)", Self.fixed(total.perSecond(samples.succeeded), 0)]
      + Self.percentiles.map { Self.cell(samples, $0.percent) } + ["\(samples.failed)"]
  }

  private var steps: [String] {
    var table = TextTable(
      ["offered/s", "achieved/s"] + Self.percentiles.map(\.name) + ["failed", "not begun"])
    for phase in phases {
      table.add(
        [Self.fixed(phase.offered, 0), Self.fixed(phase.achieved, 0)]
          + Self.percentiles.map { Self.cell(phase.operations, $0.percent) }
          + ["\(phase.operations.failed)", "\(phase.recording.overflowed)"])
    }
    return table.lines
  }

  private var failures: [String] {
    let failures = total.operations.failures.sorted { $0.key < $1.key }
    guard !failures.isEmpty else { return [] }
    return [""]
      + failures.map { cause, failures in
        let reason = cause.reason.map { " (\($0))" } ?? ""
        return "\(cause.code.name)\(reason) \(failures.count): \(failures.message)"
      }
  }

  private static func cell(_ samples: Samples, _ percent: Double) -> String {
    samples.percentile(percent).map(milliseconds) ?? "–"
  }
}
