internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import TLS
internal import Testing

@testable internal import RPC

typealias Note = GoogleProtobuf.AnyMessage

/// Methods over one message type that every test can fill.
enum EchoService {
  static let name = "test.v1.EchoService"
  static let echo = Method<Note, Note>(
    service: name, name: "Echo", kind: .unary, idempotency: .unknown)
  static let read = Method<Note, Note>(
    service: name, name: "Read", kind: .unary, idempotency: .idempotent)
  static let watch = Method<Note, Note>(
    service: name, name: "Watch", kind: .serverStreaming, idempotency: .noSideEffects)
  static let gather = Method<Note, Note>(
    service: name, name: "Gather", kind: .clientStreaming, idempotency: .unknown)
  static let collect = Method<Note, Note>(
    service: name, name: "Collect", kind: .clientStreaming, idempotency: .idempotent)
  static let chat = Method<Note, Note>(
    service: name, name: "Chat", kind: .bidirectionalStreaming, idempotency: .unknown)
}

extension Note {
  init(_ text: String) { self.init(typeURL: text, value: []) }
  init(bytes count: Int) { self.init(typeURL: "", value: [UInt8](repeating: 7, count: count)) }
}

/// A scripted server and a client of it.
struct Fixture {
  let pki: ClientPKI
  let server: ScriptedServer
  let client: RPCClient

  init(
    settings: HTTP2Settings = .server, options: RPCClientOptions = .impatient,
    opened: @escaping ScriptedServer.Script = { _ in }, script: @escaping ScriptedServer.Script
  ) async throws {
    pki = try ClientPKI()
    server = try await ScriptedServer(
      pki.server(), settings: settings, opened: opened, script: script)
    client = try Self.client(of: server.port, pki, options: options)
  }

  static func client(
    of port: Int, _ pki: ClientPKI, options: RPCClientOptions = .impatient,
    expecting peer: ExpectedPeer = .uri(ClientPKI.serverURI), anonymous: Bool = false
  ) throws -> RPCClient {
    RPCClient(
      target: RPCTarget(name: "approvals", host: "127.0.0.1", port: port),
      tls: try pki.client(anonymous: anonymous), expecting: peer, options: options,
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
  }

  func end() async throws {
    await client.shutdown(grace: .zero)
    try await server.close()
  }
}

extension RPCClientOptions {
  /// Delays that a test can wait out; timeouts that only a broken test reaches.
  static var impatient: RPCClientOptions {
    var options = RPCClientOptions()
    options.defaultTimeout = .seconds(30)
    options.connectTimeout = .seconds(30)
    options.connectBackoff = Backoff(initial: .milliseconds(20), maximum: .milliseconds(100))
    options.retry.backoff = Backoff(initial: .milliseconds(5), maximum: .milliseconds(20))
    options.keepalive = nil
    options.seed = 1
    return options
  }
}

/// The error of a call that must fail.
func failure<Success>(
  _ body: () async throws(RPCError) -> Success, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> RPCError {
  do throws(RPCError) {
    _ = try await body()
  } catch {
    return error
  }
  Issue.record("the call succeeded", sourceLocation: sourceLocation)
  throw RPCError(.ok, "the call succeeded")
}

/// Lets one side of a test wait for the other.
struct Signal: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream<Void>.makeStream() }

  func send() { continuation.yield() }

  /// Waits for one more `send`.
  func wait() async {
    for await _ in stream { return }
  }
}

/// Waits until something holds that no event tells of; for as long as the suite's time limit allows.
func until(_ condition: () -> Bool) async throws {
  while !condition() { try await Task.sleep(for: .milliseconds(1)) }
}

/// Repeats until it fails, and tells how.
func untilFailure<Success>(_ body: () async throws(RPCError) -> Success) async -> RPCError {
  while true {
    do throws(RPCError) {
      _ = try await body()
    } catch {
      return error
    }
  }
}

/// A number that several closures count up.
final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  @discardableResult
  func add(_ number: Int = 1) -> Int {
    count.withLock { count in
      count += number
      return count
    }
  }
}
