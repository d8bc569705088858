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
    let limit: Int64 = 99_999_999
    if seconds <= limit {
      let nanoseconds = seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000
      for (unit, scale) in [("n", 1), ("u", 1_000), ("m", 1_000_000)] as [(String, Int64)] {
        let number = nanoseconds.dividedRoundingUp(by: scale)
        if number <= limit { return "\(number)\(unit)" }
      }
    }
    let whole = attoseconds > 0 && seconds < .max ? seconds + 1 : seconds
    for (unit, scale) in [("S", 1), ("M", 60)] as [(String, Int64)] {
      let number = whole.dividedRoundingUp(by: scale)
      if number <= limit { return "\(number)\(unit)" }
    }
    return "\(min(whole.dividedRoundingUp(by: 3600), limit))H"
  }
}

extension Int64 {
  fileprivate func dividedRoundingUp(by divisor: Int64) -> Int64 {
    self / divisor + (self % divisor == 0 ? 0 : 1)
  }
}
