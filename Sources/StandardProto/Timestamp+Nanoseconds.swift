extension GoogleProtobuf.Timestamp {
  public init(nanosecondsSinceEpoch nanoseconds: Int64) {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    // `nanos` counts forward in time, before 1970 too (timestamp.proto).
    let isBefore = remainder < 0
    self.init(
      seconds: isBefore ? quotient - 1 : quotient,
      nanos: Int32(isBefore ? remainder + 1_000_000_000 : remainder))
  }

  /// nil when `nanos` is out of its range (0 to 999,999,999), or the time is before 1677-09-21 or
  /// after 2262-04-11, where 64 bits end.
  public var nanosecondsSinceEpoch: Int64? {
    guard (0..<1_000_000_000).contains(nanos) else { return nil }
    // With the remainder in 128 bits, the first representable moment does not overflow on the way.
    return Int64(exactly: Int128(seconds) * 1_000_000_000 + Int128(nanos))
  }
}
