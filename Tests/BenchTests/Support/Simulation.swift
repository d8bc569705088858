internal import Dispatch
internal import Synchronization

@testable internal import lockbox_bench

/// Runs a load in no time: all its tasks on one thread, and a clock that jumps to the next sleeper
/// whenever nothing can run. The same load has the same outcome each time.
final class Simulation: TaskExecutor, LoadClock {
  private struct Sleeper {
    let until: Instant
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var jobs: [UnownedJob] = []
    /// The next one to wake last.
    var sleepers: [Sleeper] = []
    var isFinished = false
  }
  private let state = Mutex(State())
  private let thread = DispatchQueue(label: "simulation")

  /// Everything of the load runs here.
  var lane: Lane { Lane(executor: self, clock: self) }

  struct Stuck: Error {}

  /// - Throws: when the body waits for something that will not come.
  func run(_ body: @escaping @Sendable () async -> Void) async throws {
    state.withLock { $0.isFinished = false }
    Task(executorPreference: self) {
      await body()
      self.state.withLock { $0.isFinished = true }
    }
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Void, any Error>) in
      thread.async { continuation.resume(with: Result { try self.drive() }) }
    }
  }

  private func drive() throws {
    while !state.withLock({ $0.isFinished }) {
      let jobs = state.withLock { state in
        defer { state.jobs = [] }
        return state.jobs
      }
      for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
      if jobs.isEmpty, !wakeNext() { throw Stuck() }
    }
  }

  private func wakeNext() -> Bool {
    let sleeper = state.withLock { state -> Sleeper? in
      guard let sleeper = state.sleepers.popLast() else { return nil }
      state.now = max(state.now, sleeper.until)
      return sleeper
    }
    sleeper?.continuation.resume()
    return sleeper != nil
  }

  // MARK: - TaskExecutor

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
  }

  // MARK: - LoadClock

  var now: Instant { state.withLock { $0.now } }

  func sleep(until instant: Instant) async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        // Who asked first wakes first.
        let index = state.sleepers.partitioningIndex { $0.until <= instant }
        state.sleepers.insert(Sleeper(until: instant, continuation: continuation), at: index)
      }
    }
  }

  /// Time passes in which nothing can run.
  func freeze(for duration: Duration) { state.withLock { $0.now = $0.now + duration } }
}

extension Array {
  /// The first index at which `belongs` holds; it holds for all after it.
  fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
