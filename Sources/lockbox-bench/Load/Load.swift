internal import RPC
internal import Synchronization

/// One operation of a scenario.
/// - Parameters:
///   - number: from 0, each once within the run.
///   - lane: picks the connections to use.
typealias Operation = @Sendable (_ number: Int, _ lane: Int) async throws(RPCError) -> Void

/// Runs an operation again and again, in a closed or an open loop.
final class Load: Sendable {
  private let options: LoadOptions
  private let recorder: Recorder
  /// Where the operations run: at a client's own event loop a call costs no change of threads.
  private let executors: [any TaskExecutor]
  private let clock = ContinuousClock()
  private let stop = StopFlag()
  /// Operations begun that count.
  private let counted = Atomic(0)
  private let begun = Atomic(0)

  init(_ options: LoadOptions, _ recorder: Recorder, executors: [any TaskExecutor] = []) {
    self.options = options
    self.recorder = recorder
    self.executors = executors
  }

  func run(_ operation: @escaping Operation) async -> Report {
    let signals = stop.onInterrupt()
    let begin = clock.now + .seconds(options.warmUp)
    let end = options.duration.map { begin + $0 }
    recorder.begin(at: begin)
    let progress = Task { await Progress(recorder, begin: begin, end: end).run() }
    switch options.loop {
    case .closed(let callers): await closed(callers, begin, end, operation)
    case .open(let interval): await open(interval, begin, end, operation)
    }
    // Of an open loop that could not keep up, the tail belongs to the time that it took.
    let finished = clock.now
    progress.cancel()
    signals.cancel()
    await progress.value
    let (operations, steps) = recorder.snapshot
    return Report(operations: operations, steps: steps, elapsed: max(finished - begin, .zero))
  }

  private func closed(
    _ callers: Int, _ begin: Recorder.Instant, _ end: Recorder.Instant?,
    _ operation: @escaping Operation
  ) async {
    await withDiscardingTaskGroup { group in
      for caller in 0..<callers {
        group.addTask(executorPreference: executor(caller)) { [self] in
          while mayBegin(at: clock.now, begin, end) {
            await run(operation, caller, from: clock.now)
          }
        }
      }
    }
  }

  private func open(
    _ interval: Duration, _ begin: Recorder.Instant, _ end: Recorder.Instant?,
    _ operation: @escaping Operation
  ) async {
    let first = clock.now
    await withDiscardingTaskGroup { group in
      var number = 0
      while true {
        let due = first + interval * number
        try? await clock.sleep(until: due, tolerance: .zero)
        guard mayBegin(at: due, begin, end) else { return }
        group.addTask(executorPreference: executor(number)) { [self, number] in
          await run(operation, number, from: due)
        }
        number += 1
      }
    }
  }

  private func run(_ operation: Operation, _ lane: Int, from start: Recorder.Instant) async {
    do throws(RPCError) {
      try await operation(begun.wrappingAdd(1, ordering: .relaxed).oldValue, lane)
      recorder.record(from: start, to: clock.now, nil)
    } catch {
      recorder.record(from: start, to: clock.now, error)
      // Nothing is measured by failing as fast as the processor can.
      try? await clock.sleep(for: .milliseconds(1))
    }
  }

  private func mayBegin(
    at instant: Recorder.Instant, _ begin: Recorder.Instant, _ end: Recorder.Instant?
  ) -> Bool {
    if stop.isSet { return false }
    if let end, instant >= end { return false }
    guard let count = options.count, instant >= begin else { return true }
    return counted.wrappingAdd(1, ordering: .relaxed).oldValue < count
  }

  private func executor(_ number: Int) -> (any TaskExecutor)? {
    executors.isEmpty ? nil : executors[number % executors.count]
  }
}
