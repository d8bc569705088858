/// A moment of a load's clock: nanoseconds from a beginning that is the clock's own.
///
/// A plain integer: `Duration` divides 128 bits to give nanoseconds, several times an operation.
struct Instant: Comparable, Hashable, Sendable {
  var nanoseconds: Int64

  static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  static func + (instant: Instant, duration: Duration) -> Instant {
    Instant(nanoseconds: instant.nanoseconds + duration.wholeNanoseconds)
  }

  static func - (left: Instant, right: Instant) -> Duration {
    .nanoseconds(left.nanoseconds - right.nanoseconds)
  }
}

extension Duration {
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  var inSeconds: Double { self / .seconds(1) }
}
