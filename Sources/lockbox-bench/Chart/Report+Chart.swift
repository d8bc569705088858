extension Report {
  /// The percentiles that have a line, and their styles.
  private static let lines: [(style: String, percent: Double)] = [
    ("p50", 50), ("p90", 90), ("p99", 99), ("max", 100),
  ]

  /// An SVG document: latency and throughput against load, where there were several loads, and over
  /// time.
  var chart: String {
    var panels = phases.count > 1 ? loadPanels : []
    panels += timePanels
    var legend = Self.lines.map { (style: $0.style, name: $0.style) }
    legend.append(("good", "succeeded"))
    if timeline.windows.contains(where: { $0.lost > 0 }) {
      legend.append(("bad", "failed or not begun"))
    }
    if phases.count > 1 { legend.append(("ideal", "all that was offered")) }
    let rate = "\(Axis.label(total.achieved.rounded())) per second succeeded"
    let lost = total.operations.failed + total.recording.overflowed
    let subtitle =
      "\(Axis.label(Double(total.operations.succeeded))) operations in \(Self.fixed(total.elapsed.inSeconds, 1)) s, \(rate)"
      + (lost > 0 ? ", \(Axis.label(Double(lost))) failed or not begun" : "")
      + (isInterrupted ? "; ended early" : "")
    return Chart(title: title, subtitle: subtitle, legend: legend, panels: panels).text
  }

  private var loadPanels: [Panel] {
    let x = Axis.linear(upTo: phases.map(\.offered).max() ?? 0, isRounded: false, steps: 8)
    let axisTitle = "operations offered per second"
    let mark = saturated.map {
      (x: $0.offered, label: "saturated from \(Axis.label($0.offered.rounded())) per second")
    }
    let most = phases.map { max($0.offered, $0.achieved) }.max() ?? 0
    return [
      Panel(
        title: "Latency against load", unit: "milliseconds, logarithmic", axisTitle: axisTitle,
        height: 240, x: x, y: latencyAxis(phases.map(\.operations)),
        series: latencySeries(phases.map { ($0.offered, $0.operations) }, hasDots: true),
        mark: mark),
      Panel(
        title: "Throughput against load", unit: "operations succeeded in time per second",
        axisTitle: axisTitle, height: 130, x: x,
        y: Axis.linear(upTo: most, isRounded: true),
        series: [
          Panel.Series(style: "ideal", points: [(0, 0), (x.range.upperBound, x.range.upperBound)]),
          Panel.Series(
            style: "good", points: phases.map { ($0.offered, $0.achieved) }, hasDots: true),
        ]),
    ]
  }

  private var timePanels: [Panel] {
    let width = Double(timeline.width) / 1e9
    // A window that has only just begun says nothing.
    let windows = timeline.windows.enumerated()
      .filter { $0.offset == 0 || timeline.covered($0.offset) > width / 2 }
    let x = Axis.linear(
      upTo: windows.reduce(0) { $0 + timeline.covered($1.offset) }, isRounded: false, steps: 12)
    let axisTitle = "seconds since the measuring began"
    func middle(_ index: Int) -> Double {
      Double(index) * width + timeline.covered(index) / 2
    }
    func rate(_ count: (Timeline.Window) -> Int) -> [(x: Double, y: Double)?] {
      windows.map { index, window in
        let seconds = timeline.covered(index)
        return (middle(index), seconds > 0 ? Double(count(window)) / seconds : 0)
      }
    }
    let good = rate(\.finished)
    let bad = rate(\.lost)
    let most = (good + bad).compactMap { $0?.y }.max() ?? 0
    var throughput = [Panel.Series(style: "good", points: good, isFilled: true)]
    if bad.contains(where: { ($0?.y ?? 0) > 0 }) {
      throughput.append(Panel.Series(style: "bad", points: bad))
    }
    return [
      Panel(
        title: "Latency over time", unit: "milliseconds, logarithmic",
        axisTitle: "\(axisTitle), when operations were due",
        height: 240, x: x, y: latencyAxis(windows.map(\.element.operations)),
        series: latencySeries(
          windows.map { (middle($0), $1.operations) }, hasDots: false)),
      Panel(
        title: "Throughput over time", unit: "operations per second", axisTitle: axisTitle,
        height: 130, x: x, y: Axis.linear(upTo: most, isRounded: true), series: throughput),
    ]
  }

  private func latencyAxis(_ samples: [Samples]) -> Axis {
    let lowest = samples.compactMap { $0.percentile(50) }.min() ?? .milliseconds(1)
    let highest = samples.compactMap { $0.percentile(100) }.max() ?? .milliseconds(10)
    return .logarithmic(
      covering: lowest / .milliseconds(1)...max(lowest, highest) / .milliseconds(1))
  }

  private func latencySeries(
    _ places: [(x: Double, samples: Samples)], hasDots: Bool
  ) -> [Panel.Series] {
    // The median on top.
    Self.lines.reversed().map { style, percent in
      Panel.Series(
        style: style,
        points: places.map { place in
          place.samples.percentile(percent).map { (place.x, $0 / .milliseconds(1)) }
        }, hasDots: hasDots)
    }
  }
}

extension Timeline.Window {
  /// What was due and did not succeed.
  fileprivate var lost: Int { operations.failed + overflowed }
}
