internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import TLS

@testable internal import RPC

/// A message with a text and bytes, for methods of tests.
typealias Text = GoogleProtobuf.AnyMessage

extension Text {
  init(text: String) { self.init(typeURL: text, value: []) }
}

/// Methods that tests serve as they please.
enum TestService {
  static let name = "test.v1.TestService"
  static let echo = Method<Text, Text>(
    service: name, name: "Echo", kind: .unary, idempotency: .unknown)
  static let other = Method<Text, Text>(
    service: name, name: "Other", kind: .unary, idempotency: .unknown)
  static let count = Method<Text, Text>(
    service: name, name: "Count", kind: .serverStreaming, idempotency: .unknown)
  static let gather = Method<Text, Text>(
    service: name, name: "Gather", kind: .clientStreaming, idempotency: .unknown)
  static let chat = Method<Text, Text>(
    service: name, name: "Chat", kind: .bidirectionalStreaming, idempotency: .unknown)
}

/// A running server of one listener on a loopback port.
struct ServerFixture: Sendable {
  let server: RPCServer
  let port: Int
  private let running: Task<Void, any Error>

  init(
    limits: ServerLimits = .standard, interceptors: [any ServerInterceptor] = [],
    metrics: (any RPCMetrics)? = nil, logger: Logger = .silent,
    _ build: (inout Router) -> Void
  ) async throws {
    var router = Router()
    build(&router)
    let listener = Listener(
      address: try SocketAddress(ipAddress: "127.0.0.1", port: 0),
      tls: try ServerPKI.shared.get().server, router: router, interceptors: interceptors,
      limits: limits)
    let server = RPCServer(listeners: [listener], metrics: metrics, logger: logger)
    port = try await server.start()[0].port!
    self.server = server
    running = Task { try await server.run() }
  }

  func connect(anonymous: Bool = false) async throws -> RawClient {
    let pki = try ServerPKI.shared.get()
    return try await RawClient(port: port, tls: anonymous ? pki.anonymousClient : pki.client)
  }

  /// Waits until the server knows as many connections. Until then a client's view of who came first
  /// is not the server's: its loops take connections up beside one another.
  func waitUntilEntered(_ count: Int) async {
    while server.connectionCount < count { await Task.yield() }
  }

  /// Drains the server and waits until it is gone.
  func end() async throws {
    server.shutdown()
    try await running.value
  }
}

extension Logger {
  static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Lets one side of a test wait for the other, once for each `open`.
struct Gate: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func open() { continuation.yield() }

  func wait() async { for await _ in stream { return } }
}
