/// What a caller may say about one call.
public struct CallOptions: Sendable {
  /// How long the call may take, waiting and repeating included; nil takes the client's default for
  /// unary calls and no limit for streams.
  public var timeout: Duration?

  /// Sent with the call, behind what the client adds to every call.
  public var metadata: Metadata

  /// Whether to wait, until the timeout, for a server that cannot be reached, instead of failing
  /// with `unavailable`.
  public var waitForReady: Bool

  /// How to repeat the call if it fails, whether or not its method is marked idempotent: the caller
  /// vouches for it. Nil repeats idempotent methods as the client does all of them.
  public var retry: RPCClientOptions.RetryOptions?

  /// The longest message to accept, in bytes; nil takes the client's.
  public var maximumResponseBytes: Int?

  /// How the requests are compressed: long ones, and those whose sender insists; nil takes the
  /// client's choice.
  public var compression: Compression?

  public init(
    timeout: Duration? = nil, metadata: Metadata = [:], waitForReady: Bool = false,
    retry: RPCClientOptions.RetryOptions? = nil, maximumResponseBytes: Int? = nil,
    compression: Compression? = nil
  ) {
    self.timeout = timeout
    self.metadata = metadata
    self.waitForReady = waitForReady
    self.retry = retry
    self.maximumResponseBytes = maximumResponseBytes
    self.compression = compression
  }
}
