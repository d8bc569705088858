internal import NIOCore
internal import ProtobufC

/// One call on the server's side: reads the request, runs its handler, writes the answer.
///
/// Confined to its connection's event loop, like every `HTTP2Stream`; what handlers call hops there.
final class ServerStream: HTTP2Stream, @unchecked Sendable {
  // Unchecked: see HTTP2Stream.

  let connection: ServerConnection
  @exclusivity(unchecked) var head = RequestHead()
  @exclusivity(unchecked) private var reader: MessageReader
  @exclusivity(unchecked) var phase = Phase.headers
  /// When the sweep ends this phase: of reading the request, then of the call.
  @exclusivity(unchecked) var due: ContinuousClock.Instant?
  @exclusivity(unchecked) var deadline: ContinuousClock.Instant?
  @exclusivity(unchecked) var started: ContinuousClock.Instant

  // The request.
  @exclusivity(unchecked) private var message: ReceivedMessage?
  @exclusivity(unchecked) var inbox = Inbox()

  // The handler.
  @exclusivity(unchecked) private var task: Task<Void, Never>?
  @exclusivity(unchecked) private var isRunning = false

  // The answer.
  @exclusivity(unchecked) var response: ResponseMetadata?
  @exclusivity(unchecked) var sentHeaders = false
  @exclusivity(unchecked) var compression = Compression.identity
  @exclusivity(unchecked) var heldResponse: [UInt8]?
  @exclusivity(unchecked) var roomWaiters: [Waiter] = []
  @exclusivity(unchecked) var sentBytes = 0
  @exclusivity(unchecked) var receivedBytes = 0

  enum Phase {
    /// The header list is being received.
    case headers
    /// The handler needs a message that has not come yet.
    case request
    /// Not gRPC: read to its end, then answered in plain HTTP.
    case plain
    /// The handler runs, or may run.
    case serving
    /// The status is decided and submitted, or the stream is gone.
    case over
  }

  init(connection: ServerConnection, now: ContinuousClock.Instant) {
    self.connection = connection
    started = now
    due = now + connection.limits.requestTimeout
    reader = MessageReader(maximumBytes: connection.limits.requestBytes)
    super.init()
  }

  // MARK: - Receiving

  override func received(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) {
    guard case .headers = phase else { return }  // trailers of the caller mean nothing
    head.add(name: name, value: value, routes: connection.routes, limits: connection.limits)
    // A few bytes of HPACK can stand for megabytes; nobody serious sends four times the limit.
    if head.byteCount > 4 * connection.limits.headerListBytes { connection.abuse() }
  }

  override func receivedHeaders(endStream: Bool) {
    if case .headers = phase { begin() }
    if endStream { receivedEnd() }
  }

  override func received(data: UnsafeRawBufferPointer) {
    receivedBytes += data.count
    guard phase != .over else { return consumed(data.count) }
    guard phase != .plain else { return skip(data.count) }
    var rest = data
    do throws(MessageReader.Failure) {
      while !rest.isEmpty {
        guard let bytes = try reader.next(&rest) else { break }
        let message = ReceivedMessage(bytes: bytes, isCompressed: reader.isCompressed)
        guard accept(message) else { return }
      }
    } catch {
      return refuse(Self.status(of: error, head.encoding))
    }
    // Messages that nobody has asked for yet keep their bytes of the window.
    inbox.held += data.count
    if inbox.isEmpty { consumed(inbox.releaseWindow()) }
  }

  override func receivedEnd() {
    guard phase != .over else { return }
    guard phase != .plain else { return answerPlain() }
    guard reader.isAtBoundary else {
      return refuse(RPCError(.internal, "the request ends inside a message"))
    }
    if let route = head.route, route.takesOneMessage {
      guard message != nil else { return refuse(Self.cardinality) }
      phase = .serving
      run(route)
    } else {
      inbox.end(nil)
    }
  }

  /// Whether to go on reading.
  private func accept(_ message: ReceivedMessage) -> Bool {
    guard head.route?.takesOneMessage == true else {
      inbox.append(message)
      return true
    }
    guard self.message == nil else {
      refuse(Self.cardinality)
      return false
    }
    self.message = message
    return true
  }

  // MARK: - Serving

  private func begin() {
    if let problem = head.verdict { return refuse(problem) }
    guard let route = head.route else {
      return refuse(RPCError(.unimplemented, "no such method"))
    }
    reader.acceptsCompressed = head.encoding == .gzip
    setDeadline(route)
    if let deadline, deadline <= started { return refuse(Self.tooLate) }
    if route.takesOneMessage {
      phase = .request
    } else {
      phase = .serving
      run(route)
    }
  }

  private func setDeadline(_ route: Route) {
    let limits = connection.limits
    var timeout = head.timeout
    if route.isUnary { timeout = min(timeout ?? limits.defaultDeadline, limits.maximumDeadline) }
    deadline = timeout.map { started.advanced(by: $0) }
    if route.takesOneMessage {
      due = min(deadline ?? due!, due!)
    } else {
      due = deadline
    }
    if let due { connection.wake(by: due) }
  }

  private func run(_ route: Route) {
    due = deadline
    isRunning = true
    connection.handlerStarted()
    connection.metrics?.callStarted(path: route.method.path)
    let response = ResponseMetadata()
    self.response = response
    let context = ServerContext(
      connection: connection.info, path: route.method.path, metadata: head.metadata,
      deadline: deadline, response: response,
      requestIsCompressed: message?.isCompressed ?? false)
    let task = Task.immediate(executorPreference: connection.executor) { [self] in
      await serve(route, context)
    }
    if isRunning { self.task = task }
  }

  private func serve(_ route: Route, _ context: ServerContext) async {
    var failure: RPCError?
    do {
      let interceptors = connection.interceptors
      if interceptors.isEmpty {
        try await route.serve(self, context)
      } else {
        try await interceptors.run(context) { [self] in try await route.serve(self, $0) }
      }
    } catch {
      failure = connection.status(of: error, path: route.method.path)
    }
    // The task prefers the loop, so this is there already unless a handler meddled with executors.
    if connection.executor.loop.inEventLoop {
      ended(failure)
    } else {
      connection.executor.loop.execute { [failure] in self.ended(failure) }
    }
  }

  private func ended(_ failure: RPCError?) {
    isRunning = false
    task = nil
    if phase != .over {
      if let failure { answer(failure) } else { answerSuccess() }
    }
    connection.handlerEnded()
  }

  /// The caller's time is up: it is told so at once, the handler is cancelled.
  func expire() {
    switch phase {
    case .headers: connection.abuse()
    case .plain: answerPlain()
    case .request, .serving:
      if let deadline, let due, deadline <= due {
        refuse(Self.tooLate)
      } else {
        refuse(RPCError(.deadlineExceeded, "the request did not arrive in time"))
      }
    case .over: break
    }
  }

  /// Answers with a status that the handler has no say in.
  func refuse(_ error: RPCError) {
    answer(error)
    abandon()
  }

  override func sentData() {
    guard !roomWaiters.isEmpty, queuedBytes <= connection.limits.queuedResponseBytes / 2 else {
      return
    }
    resumeRoomWaiters()
  }

  override func closed(_ code: HTTP2ErrorCode) {
    if phase != .over {
      phase = .over
      finished(.cancelled)
    }
    abandon()
  }

  /// Nobody waits for the handler any more.
  private func abandon() {
    task?.cancel()
    task = nil
    message = nil
    inbox.end(Self.gone)
    resumeRoomWaiters()
  }

  func resumeRoomWaiters() {
    guard !roomWaiters.isEmpty else { return }
    let waiters = roomWaiters
    roomWaiters = []
    for waiter in waiters { waiter.resume() }
  }

  /// The call has a status; the metrics learn it.
  func finished(_ code: StatusCode) {
    guard let metrics = connection.metrics else { return }
    metrics.callFinished(
      path: head.route?.method.path ?? Self.unknownPath, code: code,
      duration: ContinuousClock.now - started, receivedBytes: receivedBytes, sentBytes: sentBytes)
  }

  /// In metrics: what callers make up must not become a label.
  private static let unknownPath = "unknown"
}

// MARK: - For handlers

extension ServerStream {
  /// The one request of the call. On the loop, once, before anything suspends.
  func takeRequest<Request: Message>() throws -> Request {
    guard let message else { throw Self.gone }
    self.message = nil
    return try Self.decode(message.content(limit: connection.limits.requestBytes))
  }
}
