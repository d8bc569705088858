/// What one end of a connection tells the other and holds it to (RFC 9113, section 6.5.2).
struct HTTP2Settings: Sendable {
  /// Streams that the peer may have open at once.
  var maxConcurrentStreams: UInt32 = 100

  /// Bytes of one stream that the peer may send before the stream's reader takes some.
  var streamWindow: Int32

  /// Bytes of the whole connection that the peer may send before this end has read them. They count
  /// as read when they arrive: a slow stream is held by its own window and holds nobody else.
  var connectionWindow: Int32

  /// Advertised size of a header list, counted as RFC 9113 does: name + value + 32 a field.
  var maxHeaderListSize: UInt32 = 16 << 10

  /// A header list beyond either of these is not read to its end: see
  /// `HTTP2SessionDelegate.receivedExcess(_:)`. Size as above.
  var endurableListSize = Int.max
  var endurableListFields = Int.max

  /// A server takes requests, seldom above the 64 KiB of one message, from peers it does not trust:
  /// what it may have to hold for a connection is `maxConcurrentStreams * streamWindow`.
  static let server = HTTP2Settings(streamWindow: 64 << 10, connectionWindow: 1 << 20)

  /// A client reads feeds from servers that it chose: a larger window keeps a long path full.
  static let client = HTTP2Settings(streamWindow: 256 << 10, connectionWindow: 1 << 20)
}
