internal import ProtobufC
internal import RPC
internal import TestProto

/// A test case under way.
///
/// Source: gRPC `doc/interop-test-descriptions.md` and `negative-http2-interop-test-descriptions.md`.
struct InteropCase: Sendable {
  typealias Service = GrpcTesting.TestService

  /// Runs a case; what it returns is said instead of a plain "passed".
  typealias Body = @Sendable (InteropCase) async throws -> String?

  let client: RPCClient
  /// Another one of the same server, with connections of its own.
  let newClient: @Sendable () throws -> RPCClient
  // For soaks.
  let calls: Int
  let parallel: Int
  let requestBytes: Int
  let responseBytes: Int

  /// Every case by its name.
  static let all: [String: Body] = basic.merging(compressed) { $1 }.merging(negative) { $1 }
    .merging(soaks) { $1 }

  /// Why a case failed, in a few words.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func expect<Value: Equatable>(
    _ what: String, _ actual: Value, _ wanted: Value
  ) throws(Failure) {
    guard actual != wanted else { return }
    throw Failure(description: "\(what) is \(actual), not \(wanted)")
  }

  /// Expects `call` to fail with `code`.
  @discardableResult
  static func failure(
    _ code: StatusCode?, _ call: () async throws -> Void
  ) async throws -> RPCError {
    do {
      try await call()
    } catch let error as RPCError {
      if let code, error.code != code {
        throw Failure(description: "the status is \(error), not \(code)")
      }
      return error
    }
    throw Failure(description: "the call succeeded, but should have failed")
  }
}

extension GrpcTesting.Payload {
  /// So many zeros.
  init(zeros count: Int) { self.init(body: [UInt8](repeating: 0, count: count)) }
}

extension InteropCase {
  static let largeRequest = 271_828
  static let largeResponse = 314_159

  /// A large unary call, its answer checked.
  func largeCall(
    on client: RPCClient? = nil, request: Int = largeRequest, response: Int = largeResponse
  ) async throws {
    let answer = try await (client ?? self.client).unary(
      Service.unaryCall,
      GrpcTesting.SimpleRequest(
        responseSize: Int32(response), payload: GrpcTesting.Payload(zeros: request)))
    try Self.expectZeros(answer.payload, response)
  }

  /// Expects so many zeros.
  static func expectZeros(_ payload: GrpcTesting.Payload?, _ count: Int) throws(Failure) {
    let body = payload?.body ?? []
    try expect("the size of the payload", body.count, count)
    guard body.allSatisfy({ $0 == 0 }) else {
      throw Failure(description: "the payload is not all zeros")
    }
  }
}
