internal import NIOCore

/// One call of the application, over all its attempts: what to send, until when, and whom to tell.
/// Subclasses deliver the answer.
///
/// Made by the caller's task and handed over to the client's event loop, where it is confined.
class ClientCall: @unchecked Sendable {
  // Unchecked: the constants are Sendable; the rest is touched on the event loop only, after the
  // hand-over, which synchronises.

  /// What is sent on each attempt.
  struct Request: Sendable {
    let path: String
    let metadata: Metadata
    /// The one message, with its five-byte prefix; empty for a call that sends many.
    let message: [UInt8]
    /// What messages may be compressed with.
    var compression = Compression.identity
    /// Whether answers may be compressed.
    var acceptsCompressed = true
  }

  final let request: Request
  /// Nil for a call with one request.
  final let requests: RequestQueue?
  /// `distantFuture` for none.
  final let deadline: NIODeadline
  /// For the error message; nil without a deadline.
  final let timeout: Duration?
  final let waitForReady: Bool
  /// How to repeat the call when the server may have seen it; nil for not at all.
  final let retry: RPCClientOptions.RetryOptions?
  final let maximumResponseBytes: Int

  enum Phase {
    /// Not on the loop yet.
    case created
    /// In the pool's queue: for a connection, or for room on one.
    case waiting
    /// Between two attempts.
    case delayed
    case running(ClientStream)
    case finished
  }

  @exclusivity(unchecked) final var phase = Phase.created
  /// Asked for before the call had arrived on the loop.
  @exclusivity(unchecked) final var isCancelled = false
  /// Attempts of which the server may have seen something.
  @exclusivity(unchecked) final var attempts = 0
  /// Attempts that the server refused, so that a new one was made at once.
  @exclusivity(unchecked) final var refusals = 0
  /// Failures since the beginning, or since the server named a delay.
  @exclusivity(unchecked) final var failures = 0
  /// Ends the delay between two attempts.
  @exclusivity(unchecked) final var timer: Scheduled<Void>?
  /// The place in the deadline queue; nil while outside.
  @exclusivity(unchecked) final var deadlineIndex: Int?

  init(
    _ request: Request, _ requests: RequestQueue? = nil, deadline: NIODeadline, timeout: Duration?,
    waitForReady: Bool,
    retry: RPCClientOptions.RetryOptions?, maximumResponseBytes: Int
  ) {
    self.request = request
    self.requests = requests
    self.deadline = deadline
    self.timeout = timeout
    self.waitForReady = waitForReady
    self.retry = retry
    self.maximumResponseBytes = maximumResponseBytes
  }

  // MARK: - For subclasses; on the loop, none after `ended`

  /// An attempt is over.
  ///
  /// - Parameter isCommitted: whether an answer had begun.
  func attemptEnded(_ end: AttemptEnd, isCommitted: Bool, in pool: ClientPool) {
    pool.attemptEnded(self, end, isCommitted: isCommitted)
  }

  /// The initial metadata came: no further attempt will be made.
  func receivedMetadata(_ metadata: Metadata) {}

  /// `count` bytes of DATA came; their messages follow.
  func receives(_ count: Int) {}

  /// A message came. Nil accepts it.
  func received(_ message: ReceivedMessage) -> RPCError? { nil }

  /// The messages of `count` bytes of DATA have been delivered: gives window back.
  func delivered(_ count: Int, from stream: ClientStream) {}

  /// The call is over. Called exactly once.
  func ended(_ error: RPCError?, trailers: Metadata) {}

  final var isFinished: Bool {
    if case .finished = phase { true } else { false }
  }
}
