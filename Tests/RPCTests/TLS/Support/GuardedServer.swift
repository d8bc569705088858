internal import Logging
internal import NIOCore
internal import Synchronization
internal import TLS

@testable internal import RPC

/// A server on a loopback port that counts what its handler and its log are asked to do.
struct GuardedServer: Sendable {
  let port: Int
  let log = LogLines()
  let counts = Counts()
  private let server: RPCServer
  private let running: Task<Void, any Error>

  final class Counts: RPCMetrics {
    private struct State {
      var handled = 0
      var refused: [String] = []
      var cut: [CertificateProblem] = []
    }
    private let state = Mutex(State())

    var handled: Int { state.withLock { $0.handled } }
    var refused: [String] { state.withLock { $0.refused } }
    var cut: [CertificateProblem] { state.withLock { $0.cut } }

    func handle() { state.withLock { $0.handled += 1 } }
    func handshakeRefused(_ reason: TLSConnectionError.Reason) {
      state.withLock { $0.refused.append(reason.label) }
    }
    func peerCut(_ problem: CertificateProblem) { state.withLock { $0.cut.append(problem) } }

    func callStarted(path: String) {}
    func callFinished(
      path: String, code: StatusCode, duration: Duration, receivedBytes: Int, sentBytes: Int
    ) {}
    func connectionOpened() {}
    func connectionClosed() {}
    func connectionEnded(by defence: Defence) {}
  }

  init(
    _ tls: TLSContext, limits: ServerLimits = .standard,
    _ build: (inout Router) -> Void = { _ in }
  ) async throws {
    var router = Router()
    let counts = counts
    router.unary(EchoService.echo) { request, _ in
      counts.handle()
      return request
    }
    build(&router)
    let listener = Listener(
      address: try SocketAddress(ipAddress: "127.0.0.1", port: 0), tls: tls, router: router,
      limits: limits)
    let server = RPCServer(listeners: [listener], metrics: counts, logger: log.logger)
    port = try await server.start()[0].port!
    self.server = server
    running = Task { try await server.run() }
  }

  /// Drains; afterwards the log is complete.
  func end() async throws {
    server.shutdown()
    try await running.value
  }

  /// What the log says about connections that TLS refused.
  var refusals: [String] {
    log.lines.filter { $0.level == .warning && $0.message == "connection refused" }
      .compactMap { $0.fields["error"] }
  }
}

/// Keeps the lines of a logger.
final class LogLines: Sendable {
  struct Line: Sendable {
    let level: Logger.Level
    let message: String
    let fields: [String: String]
  }
  private let kept = Mutex<[Line]>([])

  var lines: [Line] { kept.withLock { $0 } }

  var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

  private struct Handler: LogHandler {
    let lines: LogLines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      var fields = metadata
      fields.merge(event.metadata ?? [:]) { $1 }
      let line = Line(
        level: event.level, message: "\(event.message)", fields: fields.mapValues { "\($0)" })
      lines.kept.withLock { $0.append(line) }
    }
  }
}
