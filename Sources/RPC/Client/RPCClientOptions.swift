public import ProtobufC

/// How a client connects, waits and tries again.
public struct RPCClientOptions: Sendable {
  /// Of unary calls whose caller names no timeout: far above every healthy call.
  public var defaultTimeout = Duration.seconds(10)

  /// The longest message to accept, in bytes: what gRPC implementations agree on.
  public var maximumResponseBytes = 4 << 20

  /// How requests are compressed whose caller does not say. Servers that cannot read it answer
  /// `unimplemented`.
  public var compression = Compression.identity

  /// Whether servers may compress what they answer.
  public var acceptsCompressed = true

  /// From the first packet to the server's HTTP/2 settings, for one address.
  public var connectTimeout = Duration.seconds(5)

  /// Between failed attempts to connect to one address.
  public var connectBackoff = Backoff()

  /// How calls are repeated that failed.
  public var retry = RetryOptions()

  /// Whether a silent connection with calls on it is alive. Nil sends no PING.
  public var keepalive: Keepalive? = Keepalive()

  /// Bytes of a stream's requests that may wait before `send` suspends: one round trip's worth on a
  /// fast path. A call holds no more than this and one message.
  public var queuedRequestBytes = 64 << 10

  /// Calls that wait for a connection or for a free stream on it; further ones fail with
  /// `resourceExhausted`. Bounds memory when the server is slow.
  public var maximumWaitingCalls = 10_000

  /// How often the servers of live connections are looked at again when a revocation list, a trust
  /// root or the time has changed.
  public var peerReviewInterval = Duration.seconds(5)

  /// Adds fields to every call, before the caller's own: a bearer token, `traceparent`. Runs in the
  /// caller's task.
  public var metadataProvider: (@Sendable (MethodDescriptor) throws(RPCError) -> Metadata)?

  /// Seeds the jitter of all delays; nil takes the system's randomness.
  public var seed: UInt64?

  public init() {}
}

extension RPCClientOptions {
  /// gRPC `doc/keepalive.md`.
  public struct Keepalive: Sendable, Hashable {
    /// Without a frame for this long, a PING is sent. Servers take it ill below 10 s.
    public var time: Duration
    /// Without an answer for this long, the connection is given up.
    public var timeout: Duration

    public init(time: Duration = .seconds(30), timeout: Duration = .seconds(10)) {
      self.time = time
      self.timeout = timeout
    }
  }

  /// A call is repeated when the server certainly did not see it, or when its method is idempotent
  /// and the failure is `unavailable`; never after its deadline, never after an answer began.
  public struct RetryOptions: Sendable, Hashable {
    /// Attempts of one call, the first counted.
    public var maximumAttempts: Int
    public var backoff: Backoff
    /// Bytes that a call with many requests has sent and keeps, so that it can be repeated. One that
    /// has sent more, or got an answer, is never repeated.
    public var bufferBytes: Int

    public init(
      maximumAttempts: Int = 4,
      backoff: Backoff = Backoff(
        initial: .milliseconds(50), multiplier: 2, jitter: 0.2, maximum: .seconds(1)),
      bufferBytes: Int = 64 << 10
    ) {
      self.maximumAttempts = maximumAttempts
      self.backoff = backoff
      self.bufferBytes = bufferBytes
    }
  }
}
