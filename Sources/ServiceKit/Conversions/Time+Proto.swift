public import Domain
public import StandardProto

extension GoogleProtobuf.Timestamp {
  public init(_ moment: Timestamp) {
    self.init(seconds: moment.seconds, nanos: moment.nanos)
  }
}

extension Timestamp {
  /// Nil when absent, malformed or outside of what 64 bits of nanoseconds hold (1677–2262).
  public init?(_ message: GoogleProtobuf.Timestamp?) {
    guard let message else { return nil }
    self.init(seconds: message.seconds, nanos: message.nanos)
  }
}

extension GoogleProtobuf.Duration {
  public init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
  }
}

extension Duration {
  /// Nil when absent or malformed: nanos out of ±999,999,999, or of another sign than the seconds.
  public init?(_ message: GoogleProtobuf.Duration?) {
    guard let message, (-999_999_999...999_999_999).contains(message.nanos),
      message.seconds == 0 || message.nanos == 0 || (message.seconds < 0) == (message.nanos < 0)
    else { return nil }
    self = .seconds(message.seconds) + .nanoseconds(Int64(message.nanos))
  }
}
