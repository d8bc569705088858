internal import ProtobufC
internal import RPC
internal import Synchronization

@testable internal import CommandLine

/// Services that answer what a test told them to, and remember what they were asked.
final class FakeServices: Transport {
  private struct State {
    var answers: [String: [Result<[UInt8], RPCError>]] = [:]
    var asked: [(path: String, server: Server, request: [UInt8])] = []
  }

  private let state = Mutex(State())

  /// Answers the next call of a method; the last answer is repeated.
  func answer<Request, Response>(
    _ method: Method<Request, Response>, _ response: Response
  ) throws {
    let bytes = try response.serialized()
    state.withLock { $0.answers[method.path, default: []].append(.success(bytes)) }
  }

  func refuse<Request, Response>(_ method: Method<Request, Response>, _ error: RPCError) {
    state.withLock { $0.answers[method.path, default: []].append(.failure(error)) }
  }

  /// What a method was asked, in order.
  func requests<Request, Response>(of method: Method<Request, Response>) throws -> [Request] {
    try state.withLock { $0.asked.filter { $0.path == method.path } }
      .map { try Request(serialized: $0.request) }
  }

  var askedServers: [Server] { state.withLock { $0.asked.map(\.server) } }

  func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server
  ) async throws(RPCError) -> Response {
    let bytes = encoded(request)
    let result = state.withLock { state -> Result<[UInt8], RPCError> in
      state.asked.append((method.path, server, bytes))
      guard let answers = state.answers[method.path], let first = answers.first else {
        return .failure(RPCError(.unimplemented, "no answer for \(method.path)"))
      }
      if answers.count > 1 { state.answers[method.path]?.removeFirst() }
      return first
    }
    return decoded(try result.get())
  }

  /// Every answer is one message of the stream; a failure ends it.
  func stream<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server,
    _ body: (Response) async throws -> Bool
  ) async throws {
    let bytes = encoded(request)
    let answers = state.withLock { state in
      state.asked.append((method.path, server, bytes))
      return state.answers[method.path] ?? []
    }
    for answer in answers {
      guard try await body(decoded(try answer.get())) else { return }
    }
  }

  func close() async {}

  private func encoded(_ message: some Message) -> [UInt8] {
    do { return try message.serialized() } catch { fatalError("\(error)") }
  }

  private func decoded<M: Message>(_ bytes: [UInt8]) -> M {
    do { return try M(serialized: bytes) } catch { fatalError("\(error)") }
  }
}
