internal import Histogram
internal import RPC

/// Latencies of what succeeded, and counts of what failed. They add up.
struct Samples: Sendable {
  /// How calls failed, as far as programs are told.
  struct Cause: Hashable, Sendable, Comparable {
    let code: StatusCode
    /// Of the error's `google.rpc.ErrorInfo`.
    let reason: String?

    static func < (left: Cause, right: Cause) -> Bool {
      (left.code.rawValue, left.reason ?? "") < (right.code.rawValue, right.reason ?? "")
    }
  }

  struct Failures: Sendable, Equatable {
    var count: Int
    /// One of the messages, for whoever has to find out why.
    var message: String
  }

  /// Nanoseconds.
  private(set) var latencies: Histogram<UInt32>
  private(set) var failures: [Cause: Failures] = [:]
  private(set) var failed = 0

  /// - Parameter digits: significant digits of the latencies, the same in all that are added up.
  init(digits: SignificantDigits = .three) {
    latencies = Histogram(numberOfSignificantValueDigits: digits)
  }

  var succeeded: Int { Int(latencies.totalCount) }
  var ended: Int { succeeded + failed }

  mutating func record(nanoseconds: Int64, _ error: RPCError?) {
    guard let error else {
      latencies.record(UInt64(max(0, nanoseconds)))
      return
    }
    failed += 1
    let cause = Cause(code: error.code, reason: error.reason)
    failures[cause, default: Failures(count: 0, message: error.message)].count += 1
  }

  mutating func record(_ latency: Duration, _ error: RPCError?) {
    record(nanoseconds: latency.wholeNanoseconds, error)
  }

  mutating func add(_ other: Samples) {
    latencies.add(other.latencies)
    failed += other.failed
    failures.merge(other.failures) { mine, theirs in
      Failures(count: mine.count + theirs.count, message: mine.message)
    }
  }

  /// Nil while there is none.
  func percentile(_ percent: Double) -> Duration? {
    guard succeeded > 0 else { return nil }
    return .nanoseconds(Int64(latencies.valueAtPercentile(percent)))
  }
}
