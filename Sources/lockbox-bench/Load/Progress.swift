internal import Glibc

/// A line on standard error each second, where that is a terminal.
struct Progress {
  private let recorder: Recorder
  private let begin: Recorder.Instant
  private let end: Recorder.Instant?

  init(_ recorder: Recorder, begin: Recorder.Instant, end: Recorder.Instant?) {
    self.recorder = recorder
    self.begin = begin
    self.end = end
  }

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
    let now = ContinuousClock.now
    guard now >= begin else { return "warming up" }
    let samples = recorder.snapshot.operations
    let left = end.map { ", \(max(0, ($0 - now).components.seconds)) s left" } ?? ""
    let failed = samples.ended - samples.succeeded
    let latency = samples.percentile(99).map { ", p99 \(Report.milliseconds($0)) ms" } ?? ""
    return "\(ended - before)/s, \(ended) ended, \(failed) failed\(latency)\(left)"
  }
}
