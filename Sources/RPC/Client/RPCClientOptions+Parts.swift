extension RPCClientOptions {
  /// gRPC `doc/keepalive.md`.
  public struct Keepalive: Sendable, Hashable {
    /// Without a frame for this long, a PING is sent. Servers take it ill below 10 s.
    public var time: Duration
    /// Without an answer for this long, the connection is given up.
    public var timeout: Duration
    /// Whether to do so while no call is running, too. Many servers take it ill.
    public var withoutCalls: Bool

    public init(
      time: Duration = .seconds(30), timeout: Duration = .seconds(10), withoutCalls: Bool = false
    ) {
      self.time = time
      self.timeout = timeout
      self.withoutCalls = withoutCalls
    }
  }

  /// Client-side health checking (gRFC A17): each connection has a stream open on which the server
  /// tells whether it serves. A server that does not know `grpc.health.v1.Health` counts as healthy.
  public struct HealthCheck: Sendable, Hashable {
    /// The name to ask for; the empty one is the server as a whole.
    public var service: String

    public init(service: String = "") {
      self.service = service
    }
  }

  /// A call is repeated when the server certainly did not see it, or by this policy (gRFC A6); never
  /// after its deadline, never after an answer began.
  public struct RetryOptions: Sendable, Hashable {
    /// Attempts of one call, the first counted, but not those of which the server said the first
    /// time that it did nothing.
    public var maximumAttempts: Int
    /// Between attempts, unless the server names a delay (`grpc-retry-pushback-ms`, `RetryInfo`).
    public var backoff: Backoff
    /// The failures after which another attempt may help.
    public var codes: Set<StatusCode>
    /// Bytes that a call with many requests has sent and keeps, so that it can be repeated. One that
    /// has sent more, or got an answer, is never repeated.
    public var bufferBytes: Int

    public init(
      maximumAttempts: Int = 4,
      backoff: Backoff = Backoff(
        initial: .milliseconds(50), multiplier: 2, jitter: 0.2, maximum: .seconds(1)),
      codes: Set<StatusCode> = [.unavailable], bufferBytes: Int = 64 << 10
    ) {
      self.maximumAttempts = maximumAttempts
      self.backoff = backoff
      self.codes = codes
      self.bufferBytes = bufferBytes
    }
  }

  /// A token bucket (gRFC A6, "Throttling Retry Attempts"): each failed attempt takes a token, each
  /// success brings a share of one; at half the bucket or below nothing is repeated.
  public struct RetryThrottling: Sendable, Hashable {
    /// The most that gRFC A6 allows: a server's restart fails every running call once.
    public var maximumTokens: Double
    public var tokenRatio: Double

    public init(maximumTokens: Double = 1000, tokenRatio: Double = 0.1) {
      self.maximumTokens = maximumTokens
      self.tokenRatio = tokenRatio
    }
  }
}
