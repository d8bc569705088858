/// A moment in UTC: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Reaches from 1677 to 2262. Arithmetic saturates at these ends, so a hostile duration cannot
/// wrap a deadline into the past.
public struct Timestamp: Hashable, Sendable, Comparable {
  public let nanoseconds: Int64

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// From whole seconds and the nanoseconds within the second; nil outside the range, or when
  /// `nanos` is not in 0..<1,000,000,000.
  public init?(seconds: Int64, nanos: Int32) {
    guard (0..<1_000_000_000).contains(nanos) else { return nil }
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return nil }
    let (total, overflowed) = scaled.addingReportingOverflow(Int64(nanos))
    guard !overflowed else { return nil }
    self.init(nanoseconds: total)
  }

  public static let epoch = Timestamp(nanoseconds: 0)
  public static let distantPast = Timestamp(nanoseconds: .min)
  public static let distantFuture = Timestamp(nanoseconds: .max)

  /// Whole seconds since the epoch, rounded down.
  public var seconds: Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Nanoseconds within the second, 0..<1,000,000,000.
  public var nanos: Int32 {
    let remainder = nanoseconds % 1_000_000_000
    return Int32(remainder < 0 ? remainder + 1_000_000_000 : remainder)
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
    let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(duration.nanosecondsClamped)
    guard overflow else { return Timestamp(nanoseconds: sum) }
    return duration < .zero ? .distantPast : .distantFuture
  }

  public static func - (moment: Timestamp, duration: Duration) -> Timestamp {
    let (difference, overflow) =
      moment.nanoseconds.subtractingReportingOverflow(duration.nanosecondsClamped)
    guard overflow else { return Timestamp(nanoseconds: difference) }
    return duration < .zero ? .distantFuture : .distantPast
  }

  /// The time from `right` to `left`; negative when `left` is earlier.
  public static func - (left: Timestamp, right: Timestamp) -> Duration {
    let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
    guard overflow else { return .nanoseconds(difference) }
    return .nanoseconds(left > right ? Int64.max : Int64.min)
  }
}

extension Duration {
  /// Whole nanoseconds, clamped to what 64 bits hold (±292 years).
  public var nanosecondsClamped: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, overflowed) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflowed ? (seconds < 0 ? .min : .max) : sum
  }

  public static func hours(_ hours: Int) -> Duration { .seconds(hours * 3_600) }
  public static func minutes(_ minutes: Int) -> Duration { .seconds(minutes * 60) }
}
