internal import Histogram
internal import RPC
internal import Synchronization

/// Collects how operations and their steps ended, and how long they took.
final class Recorder: Sendable {
  typealias Instant = ContinuousClock.Instant

  private struct State {
    var operations = Samples()
    /// In the order in which they were first seen.
    var steps: [(name: String, samples: Samples)] = []
    /// What begins earlier is warm-up.
    var begin: Instant?
  }

  private let state = Mutex(State())

  func begin(at instant: Instant) { state.withLock { $0.begin = instant } }

  /// - Parameter start: When the operation began, or should have begun.
  func record(from start: Instant, to end: Instant, _ error: RPCError?) {
    state.withLock { state in
      guard let begin = state.begin, start >= begin else { return }
      state.operations.record(end - start, error)
    }
  }

  /// Measures a part of an operation.
  func step<Value>(
    _ name: String, _ body: () async throws(RPCError) -> Value
  ) async throws(RPCError) -> Value {
    let start = ContinuousClock.now
    do throws(RPCError) {
      let value = try await body()
      add(name, from: start, nil)
      return value
    } catch {
      add(name, from: start, error)
      throw error
    }
  }

  private func add(_ name: String, from start: Instant, _ error: RPCError?) {
    let took = ContinuousClock.now - start
    state.withLock { state in
      guard let begin = state.begin, start >= begin else { return }
      let index =
        state.steps.firstIndex { $0.name == name }
        ?? {
          state.steps.append((name, Samples()))
          return state.steps.count - 1
        }()
      state.steps[index].samples.record(took, error)
    }
  }

  var snapshot: (operations: Samples, steps: [(name: String, samples: Samples)]) {
    state.withLock { ($0.operations, $0.steps) }
  }

  /// Operations that ended, well or not.
  var ended: Int { state.withLock { $0.operations.ended } }
}

/// Latencies of what succeeded, and counts of what failed.
struct Samples: Sendable {
  /// Nanoseconds, three significant digits.
  private(set) var latencies = Histogram<UInt32>(numberOfSignificantValueDigits: .three)
  private(set) var errors: [StatusCode: Int] = [:]
  /// One message of each status, for whoever has to find out why.
  private(set) var messages: [StatusCode: String] = [:]
  private(set) var ended = 0

  var succeeded: Int { Int(latencies.totalCount) }

  mutating func record(_ latency: Duration, _ error: RPCError?) {
    ended += 1
    if let error {
      errors[error.code, default: 0] += 1
      messages[error.code] = error.message
    } else {
      latencies.record(UInt64(max(0, latency / .nanoseconds(1))))
    }
  }

  /// Nil while there is none.
  func percentile(_ percent: Double) -> Duration? {
    guard succeeded > 0 else { return nil }
    return .nanoseconds(Int64(latencies.valueAtPercentile(percent)))
  }
}
