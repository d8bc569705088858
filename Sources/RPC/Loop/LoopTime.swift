/// A point in time on `ContinuousClock`, in whole nanoseconds.
///
/// The layout of `ContinuousClock.Instant` is the standard library's own affair, so every copy and
/// comparison of a stored one goes through the runtime, and a call has half a dozen.
struct LoopTime: Comparable, Sendable {
  /// Since the process first asked for the time.
  let nanoseconds: Int64

  private static let origin = ContinuousClock.now

  init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  init(_ instant: ContinuousClock.Instant) {
    nanoseconds = (instant - Self.origin).wholeNanoseconds
  }

  static var now: LoopTime { LoopTime(.now) }

  /// Later than every deadline: there is none.
  static let never = LoopTime(nanoseconds: .max)

  var instant: ContinuousClock.Instant {
    Self.origin + .nanoseconds(nanoseconds)
  }

  static func < (left: LoopTime, right: LoopTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// `never` where the sum is beyond the range, 292 years.
  func advanced(byNanoseconds count: Int64) -> LoopTime {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(count)
    return overflow ? .never : LoopTime(nanoseconds: sum)
  }

  static func + (time: LoopTime, duration: Duration) -> LoopTime {
    time.advanced(byNanoseconds: duration.wholeNanoseconds)
  }

  static func - (left: LoopTime, right: LoopTime) -> Duration {
    .nanoseconds(left.nanoseconds - right.nanoseconds)
  }
}

extension Duration {
  /// Rounded towards zero; the largest number for what is longer than 292 years.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowOfSum) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    guard overflow || overflowOfSum else { return sum }
    return seconds < 0 ? .min : .max
  }
}
