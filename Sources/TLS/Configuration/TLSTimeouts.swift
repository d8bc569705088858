/// How long a connection waits for its peer.
public struct TLSTimeouts: Sendable, Hashable {
  /// From the connection's start to the end of the handshake.
  public var handshake: Duration
  /// From our `close_notify` or alert to the end of the connection: time for the peer to read it.
  public var close: Duration

  public init(handshake: Duration = .seconds(5), close: Duration = .seconds(1)) {
    self.handshake = handshake
    self.close = close
  }

  public static let standard = TLSTimeouts()
}
