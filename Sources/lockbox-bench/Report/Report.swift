/// What a run has shown.
struct Report: Sendable {
  /// A stretch of the run at one load.
  struct Phase: Sendable {
    /// What was measured by itself, as the report's rows.
    let recording: Recording.Phase
    /// All operations, of whatever scenario.
    let operations: Samples
    let elapsed: Duration

    /// Operations that should have begun.
    var due: Int { operations.ended + recording.overflowed }
    /// Per second, what should have begun.
    var offered: Double { perSecond(due) }
    /// Per second, what succeeded before the end of the phase.
    var achieved: Double { perSecond(recording.inTime) }
    /// More was offered than succeeded in time: the difference is late, failed or not begun.
    var isSaturated: Bool { Double(recording.inTime) < Report.saturation * Double(due) }

    func perSecond(_ count: Int) -> Double {
      elapsed > .zero ? Double(count) / elapsed.inSeconds : 0
    }
  }

  /// The part of what is offered that must succeed in time, or the services are saturated.
  static let saturation = 0.95

  static let percentiles: [(name: String, percent: Double)] = [
    ("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100),
  ]

  let title: String
  let rows: [Mix.Row]
  let phases: [Phase]
  let total: Phase
  let timeline: Timeline
  /// With what the random choices were made.
  var seed: UInt64?
  /// Operations come at a rate: it means something what was offered.
  var isOpenLoop = false
  /// Somebody ended the run before its time.
  var isInterrupted = false
  /// Of this program, while it measured.
  var processorTime: Duration?

  init(
    _ title: String, rows: [Mix.Row], _ recording: Recording, elapsed: [Duration]
  ) {
    self.title = title
    self.rows = rows
    timeline = recording.timeline.whileDue
    func phase(_ recording: Recording.Phase, _ elapsed: Duration) -> Phase {
      var operations = Samples()
      for (row, samples) in zip(rows, recording.rows) where !row.isStep { operations.add(samples) }
      return Phase(recording: recording, operations: operations, elapsed: elapsed)
    }
    // An interrupted run has phases that never began.
    phases = zip(recording.phases, elapsed).filter { $0.1 > .zero }.map(phase)
    var sum = Recording(rows: rows.count, phases: 1).phases[0]
    for phase in recording.phases { sum.add(phase) }
    total = phase(sum, elapsed.reduce(.zero, +))
  }

  init(_ title: String, _ recorder: Recorder) {
    self.init(title, rows: recorder.mix.rows, recorder.recording, elapsed: recorder.elapsed)
  }

  /// For something that the operations of a load brought about, and that was measured elsewhere.
  init(_ title: String, _ recorder: Recorder, measured row: Mix.Row, _ samples: Samples) {
    var recording = recorder.recording
    recording.phases[0].rows.insert(samples, at: 0)
    recording.phases[0].inTime = samples.succeeded
    let steps = recorder.mix.rows.map { Mix.Row(name: $0.name, method: $0.method, isStep: true) }
    self.init(title, rows: [row] + steps, recording, elapsed: recorder.elapsed)
  }

  /// The first phase that offered more than could be taken.
  var saturated: Phase? { isOpenLoop ? phases.first(where: \.isSaturated) : nil }

  var processorTimePerCall: Duration? {
    guard let processorTime, total.operations.ended > 0 else { return nil }
    return processorTime / total.operations.ended
  }

  func text(_ format: OutputFormat) -> String {
    switch format {
    case .text: text
    case .json: json
    }
  }

  static func milliseconds(_ duration: Duration) -> String {
    fixed(duration / .milliseconds(1), 3)
  }

  /// A number with so many digits behind the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(value) * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let whole = "\(sign)\(scaled / Int(scale))"
    guard digits > 0 else { return whole }
    let rest = "\(scaled % Int(scale))"
    return whole + "." + String(repeating: "0", count: digits - rest.count) + rest
  }
}
