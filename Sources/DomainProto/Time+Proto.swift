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
    guard let nanoseconds = message?.nanosecondsSinceEpoch else { return nil }
    self.init(nanoseconds: nanoseconds)
  }
}

extension Duration {
  /// Nil when absent or no valid Duration (duration.proto).
  public init?(_ message: GoogleProtobuf.Duration?) {
    guard let duration = message?.swiftDuration else { return nil }
    self = duration
  }
}
