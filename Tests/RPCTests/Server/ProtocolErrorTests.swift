internal import ProtobufC
internal import Testing

@testable internal import RPC

/// A request that is no proper call, and its answer.
struct OddRequest: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var path = TestService.echo.path
  var fields: [(String, String)] = []
  var without: Set<String> = []
  var body = framed("hello")
  /// Nil: plain HTTP answers.
  var status: StatusCode? = nil
  var httpStatus = "200"

  static let all: [OddRequest] = [
    OddRequest(testDescription: "a proper call", status: .ok),
    OddRequest(
      testDescription: "a content type with a subtype",
      fields: [("content-type", "application/grpc+proto")], status: .ok),
    OddRequest(
      testDescription: "parameters of the content type",
      fields: [("content-type", "application/grpc;charset=utf-8")], status: .ok),
    OddRequest(testDescription: "no te", without: ["te"], status: .ok),
    OddRequest(
      testDescription: "another method", fields: [(":method", "GET")], httpStatus: "405"),
    OddRequest(
      testDescription: "no content type", without: ["content-type"], httpStatus: "415"),
    OddRequest(
      testDescription: "JSON", fields: [("content-type", "application/json")], httpStatus: "415"),
    OddRequest(
      testDescription: "a content type that only begins alike",
      fields: [("content-type", "application/grpc-web")], httpStatus: "415"),
    OddRequest(
      testDescription: "an unknown service", path: "/test.v1.NoService/Echo",
      status: .unimplemented),
    OddRequest(
      testDescription: "an unknown method", path: "/test.v1.TestService/Nope",
      status: .unimplemented),
    OddRequest(
      testDescription: "a method of another listener", path: TestService.other.path,
      status: .unimplemented),
    OddRequest(
      testDescription: "a path with a query", path: TestService.echo.path + "?a=b",
      status: .unimplemented),
    OddRequest(
      testDescription: "a malformed timeout", fields: [("grpc-timeout", "1x")], status: .internal),
    OddRequest(
      testDescription: "a negative timeout", fields: [("grpc-timeout", "-1S")],
      status: .internal),
    OddRequest(
      testDescription: "a timeout of nothing", fields: [("grpc-timeout", "0n")],
      status: .deadlineExceeded),
    OddRequest(
      testDescription: "metadata that is not base64", fields: [("x-bin", "*")], status: .internal),
    OddRequest(testDescription: "no message", body: [], status: .unimplemented),
    OddRequest(
      testDescription: "two messages", body: framed("a") + framed("b"), status: .unimplemented),
    OddRequest(testDescription: "half a prefix", body: [0, 0, 0], status: .internal),
    OddRequest(
      testDescription: "half a message", body: Array(framed("hello").dropLast()),
      status: .internal),
    OddRequest(
      testDescription: "a compressed message without an encoding", body: [1, 0, 0, 0, 1, 0],
      status: .internal),
    OddRequest(
      testDescription: "a message that cannot be read", fields: [("grpc-encoding", "snappy")],
      body: [1, 0, 0, 0, 1, 0], status: .unimplemented),
    OddRequest(
      testDescription: "an encoding that is not used", fields: [("grpc-encoding", "gzip")],
      status: .ok),
    OddRequest(
      testDescription: "a flag of the future", body: [2, 0, 0, 0, 1, 0], status: .internal),
    OddRequest(
      testDescription: "a length beyond the limit", body: [0, 0, 1, 0, 1],
      status: .resourceExhausted),
    OddRequest(
      testDescription: "a length of 4 GiB", body: [0, 255, 255, 255, 255],
      status: .resourceExhausted),
    OddRequest(
      testDescription: "bytes that are no message", body: [0, 0, 0, 0, 2, 0xff, 0xff],
      status: .invalidArgument),
    OddRequest(
      testDescription: "a string that is not UTF-8", body: [0, 0, 0, 0, 3, 0x0a, 1, 0xff],
      status: .invalidArgument),
    OddRequest(
      testDescription: "too many fields",
      fields: (0..<100).map { ("x-\($0)", "v") }, status: .resourceExhausted),
    OddRequest(
      testDescription: "too large a field",
      fields: [("x-large", String(repeating: "v", count: 16 << 10))], status: .resourceExhausted),
  ]
}

@Suite struct ProtocolErrorTests {
  @Test("every odd request has its answer, and the connection goes on", arguments: OddRequest.all)
  func oddRequest(_ request: OddRequest) async throws {
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { request, _ in request }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      request.path, fields: request.fields, without: request.without, body: request.body)
    #expect(outcome[":status"] == request.httpStatus)
    #expect(outcome.status == request.status)
    if request.status == nil {
      #expect(String(decoding: outcome.body, as: UTF8.self).hasPrefix("This is a gRPC server"))
    } else if request.status != .ok {
      #expect(outcome.body.isEmpty)
    }
    let next = try await client.call(TestService.echo.path, body: framed("next"))
    #expect(try next.messages() == [Text(text: "next")])
    try await fixture.end()
  }

  @Test("a request that does not decode is answered with the path of the field")
  func fieldPath() async throws {
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { request, _ in request }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.echo.path, body: [0, 0, 0, 0, 3, 0x0a, 1, 0xff])
    let bytes = try #require(outcome["grpc-status-details-bin"].flatMap { Base64.decode($0.utf8) })
    guard case .badRequest(let violations)? = ErrorDetail.decode(bytes).first else {
      Issue.record("no violation in \(bytes)")
      return
    }
    #expect(violations.map(\.field) == ["type_url"])
    try await fixture.end()
  }

}
