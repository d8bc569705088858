extension GoogleProtobuf.Duration {
  /// Rounds towards zero to whole nanoseconds.
  public init(_ duration: Swift.Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
  }

  /// nil when it is no valid Duration (duration.proto): more than 315,576,000,000 seconds to either
  /// side, `nanos` beyond 999,999,999 to either side, or `nanos` and `seconds` of opposite signs.
  public var swiftDuration: Swift.Duration? {
    guard (-315_576_000_000...315_576_000_000).contains(seconds),
      (-999_999_999...999_999_999).contains(nanos),
      seconds.signum() * Int64(nanos.signum()) >= 0
    else { return nil }
    return .seconds(seconds) + .nanoseconds(nanos)
  }
}
