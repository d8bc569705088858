internal import Glibc

/// A line on standard error each second, where that is a terminal.
struct Progress {
  private let recorder: Recorder

  init(_ recorder: Recorder) { self.recorder = recorder }

  /// Until its task is cancelled.
  func run() async {
    guard isatty(STDERR_FILENO) == 1 else { return }
    var before = 0
    while (try? await Task.sleep(for: .seconds(1))) != nil {
      let ended = recorder.ended
      standardError("\r\(line(ended, before))\u{1B}[K")
      before = ended
    }
    standardError("\r\u{1B}[K")
  }

  private func line(_ ended: Int, _ before: Int) -> String {
    guard let since = recorder.measuringSince else { return "warming up" }
    let phases = recorder.recording.phases
    var all = Samples()
    for phase in phases {
      for (row, samples) in zip(recorder.mix.rows, phase.rows) where !row.isStep {
        all.add(samples)
      }
    }
    let overflowed = phases.reduce(0) { $0 + $1.overflowed }
    let notBegun = overflowed > 0 ? ", \(overflowed) not begun" : ""
    let latency = all.percentile(99).map { ", p99 \(Report.milliseconds($0)) ms" } ?? ""
    let seconds = (SystemLoadClock().now - since).components.seconds
    return
      "\(seconds) s: \(ended - before)/s, \(ended) ended, \(all.failed) failed\(notBegun)\(latency)"
  }
}
