internal import NIOCore
internal import ProtobufC
internal import StandardProto

/// What the server of one connection says about its health: keeps a `grpc.health.v1.Health/Watch`
/// open on it.
///
/// Source: gRFC A17. Confined to the pool's event loop.
final class HealthMonitor: @unchecked Sendable {
  // Unchecked: confined to the pool's event loop.

  enum State {
    /// The server has not answered yet.
    case unknown
    case serving
    case notServing
  }

  private(set) var state = State.unknown
  // Unowned: the connection owns the monitor and stops it before its end.
  private unowned let connection: ClientConnection
  private let service: String
  private var stream: ClientStream?
  private var isStopped = false
  private var failures = 0

  init(_ connection: ClientConnection, service: String) {
    self.connection = connection
    self.service = service
  }

  /// Asks the server, with what the client adds to every call.
  func start() {
    guard let provide = connection.pool.options.metadataProvider else { return watch([:]) }
    let loop = connection.pool.loop
    Task { [weak self] in
      // Without a token the server may refuse, and that is a failure of its own.
      let metadata = (try? provide(GrpcHealthV1.Health.watch.descriptor)) ?? [:]
      loop.execute { [weak self] in self?.watch(metadata) }
    }
  }

  /// The connection takes no more calls.
  func stop() {
    isStopped = true
    stream?.abandon()
    stream = nil
  }

  private func watch(_ metadata: Metadata) {
    guard !isStopped else { return }
    let method = GrpcHealthV1.Health.watch
    let request = GrpcHealthV1.HealthCheckRequest(service: service)
    guard let message = try? request.framed() else { return set(.notServing) }
    let call = HealthCall(
      ClientCall.Request(path: method.path, metadata: metadata, message: message),
      deadline: .distantFuture, timeout: nil, waitForReady: false, retry: nil,
      maximumResponseBytes: HealthCall.limit)
    call.monitor = self
    let stream = ClientStream(call, on: connection)
    self.stream = stream
    let fields = call.request.fields(
      authority: connection.pool.target.authority, remaining: nil)
    _ = connection.submit(stream, fields)
  }

  private func set(_ state: State) {
    guard state != self.state else { return }
    self.state = state
    connection.healthChanged()
  }

  // MARK: - What the call reports

  fileprivate func received(_ status: GrpcHealthV1.HealthCheckResponse.ServingStatus) {
    failures = 0
    set(status == .serving ? .serving : .notServing)
  }

  fileprivate func ended(_ end: AttemptEnd) {
    stream = nil
    guard !isStopped else { return }
    if case .status(let error, _) = end, error.code == .unimplemented { return set(.serving) }
    set(.notServing)
    // The first time at once: a server that restarts its health service is asked again.
    failures += 1
    let delay =
      failures > 1 ? connection.pool.connectDelay(afterFailures: failures - 1) : .zero
    _ = connection.pool.schedule(after: delay) { [weak self] in
      guard let self, !self.isStopped else { return }
      self.set(.unknown)
      self.start()
    }
  }
}

/// One `Watch`. It belongs to its connection and is never repeated elsewhere.
private final class HealthCall: ClientCall, @unchecked Sendable {
  // Unchecked: as its superclass.
  /// Bytes of an answer, which is one number.
  static let limit = 1 << 10

  weak var monitor: HealthMonitor?

  override func received(_ message: ReceivedMessage) -> RPCError? {
    do throws(RPCError) {
      let response = try GrpcHealthV1.HealthCheckResponse(answer: message, limit: Self.limit)
      monitor?.received(response.status)
      return nil
    } catch {
      return error
    }
  }

  override func delivered(_ count: Int, from stream: ClientStream) {
    stream.consumed(count)
  }

  override func attemptEnded(_ end: AttemptEnd, isCommitted: Bool, in pool: ClientPool) {
    monitor?.ended(end)
  }
}
