internal import NIOCore
internal import ProtobufC
internal import Synchronization

/// One call on the server's side: reads the request, runs its handler, writes the answer.
///
/// Confined to its connection's event loop, like every `HTTP2Stream`; what handlers call hops there.
final class ServerStream: HTTP2Stream, LoopWork, @unchecked Sendable {
  // Unchecked: see HTTP2Stream.

  let connection: ServerConnection
  @exclusivity(unchecked) var head = RequestHead()
  @exclusivity(unchecked) private var reader: MessageReader
  @exclusivity(unchecked) var phase = Phase.headers
  /// When the sweep ends this phase: of reading the request, then of the call.
  @exclusivity(unchecked) var due: LoopTime?
  @exclusivity(unchecked) var deadline: LoopTime?
  let started: LoopTime

  // The request.
  @exclusivity(unchecked) private var message: ReceivedMessage?
  /// The one message where it is part of a read, instead of `message`.
  @exclusivity(unchecked) private var whole: ByteBuffer?
  /// Nil where the request is one message: then there is nothing to wait for in the handler.
  @exclusivity(unchecked) var inbox: Inbox?
  /// Bytes of the one message that the caller's window does not have back yet.
  @exclusivity(unchecked) private var unconsumed = 0

  // The handler.
  @exclusivity(unchecked) private var worker: LoopWorker?

  // The answer.
  let responseFields = Mutex<ResponseMetadata.Fields?>(nil)
  @exclusivity(unchecked) var sentHeaders = false
  @exclusivity(unchecked) var compression = Compression.identity
  @exclusivity(unchecked) var heldResponse: [UInt8]?
  @exclusivity(unchecked) var roomWaiters: [Waiter]?
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

  init(connection: ServerConnection, now: LoopTime) {
    self.connection = connection
    started = now
    due = now.advanced(byNanoseconds: connection.listener.timeouts.request)
    reader = MessageReader(maximumBytes: connection.limits.requestBytes)
    super.init()
  }

  // MARK: - Receiving

  override func received(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) {
    // Trailers mean nothing.
    if case .headers = phase { head.add(name: name, value: value, in: connection) }
  }

  override func receivedHeaders(endStream: Bool) {
    if case .headers = phase { begin() }
    if endStream { receivedEnd() }
  }

  override func received(data: UnsafeRawBufferPointer) {
    receivedBytes += data.count
    guard phase != .over else { return consumed(data.count) }
    guard phase != .plain else { return skip(data.count) }
    if phase == .request, receivedBytes == data.count, reader.isWhole(data) {
      // The usual request: part of what was read, which stays there until the handler begins. No
      // larger than what the stream's window lets a caller leave here anyway.
      let body = UnsafeRawBufferPointer(rebasing: data[MessageReader.prefixLength...])
      whole = connection.slice(body) ?? ByteBuffer()
      return giveBack(data.count)
    }
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
    giveBack(data.count)
  }

  private func giveBack(_ count: Int) {
    guard inbox == nil else {
      // Messages that nobody has asked for yet keep their bytes of the window.
      inbox!.held += count
      if inbox!.isEmpty { consumed(inbox!.releaseWindow()) }
      return
    }
    // The rest of the one message is wanted; a small request needs no room to be made for it.
    unconsumed += count
    guard unconsumed >= Self.windowPiece else { return }
    consumed(unconsumed)
    unconsumed = 0
  }

  /// A quarter of the window: the caller never has to wait for it.
  private static let windowPiece = Int(HTTP2Settings.server.streamWindow) / 4

  override func receivedEnd() {
    guard phase != .over else { return }
    guard phase != .plain else { return answerPlain() }
    guard reader.isAtBoundary else {
      return refuse(RPCError(.internal, "the request ends inside a message"))
    }
    if let route = head.route, route.takesOneMessage {
      guard hasMessage else { return refuse(Self.cardinality) }
      phase = .serving
      start()
    } else {
      inbox?.end(nil)
    }
  }

  /// Whether to go on reading.
  private func accept(_ message: ReceivedMessage) -> Bool {
    guard head.route?.takesOneMessage == true else {
      inbox?.append(message)
      return true
    }
    guard !hasMessage else {
      refuse(Self.cardinality)
      return false
    }
    self.message = message
    return true
  }

  private var hasMessage: Bool { message != nil || whole != nil }

  // MARK: - Serving

  private func begin() {
    if let problem = head.verdict { return refuse(problem) }
    guard let route = head.route else {
      return refuse(RPCError(.unimplemented, "no such method"))
    }
    reader.acceptsCompressed = head.encoding == .gzip
    head.metadata = connection.heads.metadata()
    setDeadline(route)
    if let deadline, deadline <= started { return refuse(Self.tooLate) }
    if route.takesOneMessage {
      phase = .request
    } else {
      phase = .serving
      inbox = Inbox()
      start()
    }
  }

  private func setDeadline(_ route: Route) {
    let timeouts = connection.listener.timeouts
    var timeout = head.timeout?.wholeNanoseconds
    if route.isUnary {
      timeout = min(timeout ?? timeouts.defaultDeadline, timeouts.maximumDeadline)
    }
    deadline = timeout.map { started.advanced(byNanoseconds: $0) }
    if route.takesOneMessage {
      due = min(deadline ?? due!, due!)
    } else {
      due = deadline
    }
    if let due { connection.wake(by: due) }
  }

  private func start() {
    guard connection.beginHandler() else { return refuse(Self.tooBusy) }
    due = deadline
    connection.executor.start(self)
  }

  nonisolated(nonsending) func run(on worker: LoopWorker) async {
    // The caller may have reset the stream in the read that brought it.
    guard phase != .over, let route = head.route else { return connection.handlerEnded() }
    self.worker = worker
    if connection.hasMetrics { connection.metrics?.callStarted(path: route.method.path) }
    let context = ServerContext(
      connection: connection.info, path: route.method.path, metadata: head.metadata,
      deadline: deadline, response: ResponseMetadata(self),
      requestIsCompressed: message?.isCompressed ?? false)
    let call = HandledCall(stream: self)
    var failure: RPCError?
    do {
      if connection.interceptors.isEmpty {
        try await route.serve(call, context)
      } else {
        try await connection.interceptors.run(context) { try await route.serve(call, $0) }
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
    connection.executor.assertOnLoop()
    worker = nil
    if phase != .over {
      if let failure { answer(failure) } else { answerSuccess() }
    }
    connection.handlerEnded()
  }

  /// The caller's time is up: it is told so at once, the handler is cancelled.
  ///
  /// - Parameter due: when that was to be; nothing is due any more.
  func expire(_ due: LoopTime) {
    connection.executor.assertOnLoop()
    switch phase {
    case .headers: connection.defend(.slowHeaders)
    case .plain: answerPlain()
    case .request, .serving:
      if let deadline, deadline <= due {
        refuse(Self.tooLate)
        // Time for the status to be taken, behind what is queued.
        if isOpen { self.due = due + connection.limits.stallTimeout }
      } else {
        refuse(RPCError(.deadlineExceeded, "the request did not arrive in time"))
        connection.defendMildly(.slowBody)
      }
    // Nobody has taken the answer.
    case .over: if isOpen { reset(.cancel) }
    }
  }

  /// Answers with a status that the handler has no say in.
  func refuse(_ error: RPCError) {
    connection.executor.assertOnLoop()
    answer(error)
    abandon()
  }

  override func sentData() {
    if roomWaiters != nil, hasRoom { resumeRoomWaiters() }
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
    worker?.cancel()
    worker = nil
    message = nil
    whole = nil
    inbox?.end(Self.gone)
    resumeRoomWaiters()
  }

  func resumeRoomWaiters() {
    connection.executor.assertOnLoop()
    guard let waiters = roomWaiters else { return }
    roomWaiters = nil
    for waiter in waiters { waiter.resume() }
  }

  /// The call has a status; the metrics learn it.
  func finished(_ code: StatusCode) {
    guard connection.hasMetrics, let metrics = connection.metrics else { return }
    metrics.callFinished(
      path: head.route?.method.path ?? Self.unknownPath, code: code,
      duration: LoopTime.now - started, receivedBytes: receivedBytes, sentBytes: sentBytes)
  }

  /// In metrics: what callers make up must not become a label.
  private static let unknownPath = "unknown"
}

// MARK: - For handlers

extension ServerStream {
  /// The one request of the call. On the loop, once, before anything suspends.
  func takeRequest<Request: Message>() throws -> Request {
    connection.executor.assertOnLoop()
    if let whole {
      self.whole = nil
      return try whole.withUnsafeReadableBytes { try Self.decode($0) }
    }
    guard let message else { throw Self.gone }
    self.message = nil
    return try message.content(limit: connection.limits.requestBytes)
      .withUnsafeBytes { try Self.decode($0) }
  }
}
