public import NIOCore
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

  /// Finds the target's addresses instead of the system's resolver, which asks the hosts file and
  /// DNS. Asked before the first call, and again when a connection is lost, refused or old.
  public var resolve: (@Sendable (RPCTarget) async throws -> [SocketAddress])?

  /// The target's name is not resolved more often than this, as gRPC implementations have it, unless
  /// no address answers.
  public var resolutionInterval = Duration.seconds(30)

  /// A connection this old is replaced by a new one, made up to a tenth earlier or later: the
  /// server's certificate, its revocation and its addresses are looked at anew. Above the age at
  /// which our servers do the same. Nil keeps connections for ever.
  public var connectionAge: Duration? = .seconds(1800)

  /// What runs when a connection has reached its age may go on for this long; streams that are open
  /// then fail with `unavailable`.
  public var connectionAgeGrace = Duration.seconds(300)

  /// Whether to ask each server for its health and to send calls only to those that serve. Nil takes
  /// every server that answers.
  public var healthCheck: HealthCheck?

  /// How calls of idempotent methods are repeated that failed.
  public var retry = RetryOptions()

  /// When to repeat no more, because it would only add to the load. Nil for always.
  public var retryThrottling: RetryThrottling? = RetryThrottling()

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
