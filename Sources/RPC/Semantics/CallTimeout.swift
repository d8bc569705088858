/// The `grpc-timeout` field: at most eight digits and a unit.
///
/// Source: gRPC `doc/PROTOCOL-HTTP2.md`, "Timeout".
enum CallTimeout {
  /// Nil for anything that the grammar does not allow.
  static func parse(_ wire: some BidirectionalCollection<UInt8>) -> Duration? {
    guard let unit = wire.last, (2...9).contains(wire.count) else { return nil }
    var number: Int64 = 0
    for digit in wire.dropLast() {
      guard (0x30...0x39).contains(digit) else { return nil }
      number = number * 10 + Int64(digit - 0x30)
    }
    switch unit {
    case UInt8(ascii: "H"): return .seconds(number * 3600)
    case UInt8(ascii: "M"): return .seconds(number * 60)
    case UInt8(ascii: "S"): return .seconds(number)
    case UInt8(ascii: "m"): return .milliseconds(number)
    case UInt8(ascii: "u"): return .microseconds(number)
    case UInt8(ascii: "n"): return .nanoseconds(number)
    default: return nil
    }
  }

  /// The finest unit that holds the duration in eight digits, rounded up: the server never gives up
  /// before the caller. A negative duration is none at all, one beyond 11,415 years is that.
  static func format(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return "0n" }
    if seconds <= limit {
      let nanoseconds = seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000
      if nanoseconds <= limit { return "\(nanoseconds)n" }
      let microseconds = nanoseconds.dividedRoundingUp(by: 1_000)
      if microseconds <= limit { return "\(microseconds)u" }
      let milliseconds = nanoseconds.dividedRoundingUp(by: 1_000_000)
      if milliseconds <= limit { return "\(milliseconds)m" }
    }
    let whole = attoseconds > 0 && seconds < .max ? seconds + 1 : seconds
    if whole <= limit { return "\(whole)S" }
    let minutes = whole.dividedRoundingUp(by: 60)
    if minutes <= limit { return "\(minutes)M" }
    return "\(min(whole.dividedRoundingUp(by: 3600), limit))H"
  }

  /// Eight digits.
  private static let limit: Int64 = 99_999_999
}

extension Int64 {
  fileprivate func dividedRoundingUp(by divisor: Int64) -> Int64 {
    self / divisor + (self % divisor == 0 ? 0 : 1)
  }
}
