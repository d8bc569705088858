internal import ProtobufC
internal import RPC
internal import TLS
internal import TestProto

/// `grpc.testing.TestService` as the gRPC project's interoperability tests want it.
///
/// Source: gRPC `doc/interop-test-descriptions.md`, "Server".
struct InteropService {
  typealias Methods = GrpcTesting.TestService

  static let descriptor = Methods.descriptor
  static let name = descriptor.name

  /// Bytes of the longest payload that a caller may ask for.
  let payloadLimit: Int

  /// Adds every method but UnimplementedCall, which must not be there.
  func add(to router: inout Router) {
    router.unary(Methods.emptyCall) { _, context in
      Self.echoMetadata(context)
      return GrpcTesting.Empty()
    }
    router.unary(Methods.unaryCall) { try unary($0, $1) }
    router.unary(Methods.cacheableUnaryCall) { request, context in
      context.response.addHeader("public, max-age=60", for: "cache-control")
      return try unary(request, context)
    }
    router.serverStreaming(Methods.streamingOutputCall) { request, responses, context in
      Self.echoMetadata(context)
      context.response.compress(.gzip)
      try await answer(request, responses)
    }
    router.clientStreaming(Methods.streamingInputCall) { requests, context in
      Self.echoMetadata(context)
      var total = 0
      var next = requests.makeAsyncIterator()
      while let request = try await next.next() {
        try Self.check(request.expectCompressed, next.isCompressed)
        total += request.payload?.body.count ?? 0
      }
      return GrpcTesting.StreamingInputCallResponse(
        aggregatedPayloadSize: Int32(clamping: total))
    }
    router.bidirectional(Methods.fullDuplexCall) { requests, responses, context in
      Self.echoMetadata(context)
      context.response.compress(.gzip)
      for try await request in requests { try await answer(request, responses) }
    }
    router.bidirectional(Methods.halfDuplexCall) { requests, responses, context in
      Self.echoMetadata(context)
      context.response.compress(.gzip)
      var taken: [GrpcTesting.StreamingOutputCallRequest] = []
      for try await request in requests {
        guard taken.count < Self.heldRequests else {
          throw RPCError(.resourceExhausted, "at most \(Self.heldRequests) requests are held")
        }
        taken.append(request)
      }
      for request in taken { try await answer(request, responses) }
    }
  }

  /// Requests that HalfDuplexCall keeps before it answers.
  private static let heldRequests = 1000

  private func unary(
    _ request: GrpcTesting.SimpleRequest, _ context: ServerContext
  ) throws -> GrpcTesting.SimpleResponse {
    Self.echoMetadata(context)
    try Self.check(request.expectCompressed, context.requestIsCompressed)
    try Self.fail(with: request.responseStatus)
    if request.responseCompressed?.value == true { context.response.compress(.gzip) }
    return GrpcTesting.SimpleResponse(
      payload: request.responseSize == 0 ? nil : try payload(request.responseSize),
      username: request.fillUsername ? context.peer?.spiffeID ?? "" : "")
  }

  private func answer(
    _ request: GrpcTesting.StreamingOutputCallRequest,
    _ responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>
  ) async throws {
    try Self.fail(with: request.responseStatus)
    for parameters in request.responseParameters {
      if parameters.intervalUs > 0 {
        try await Task.sleep(for: .microseconds(parameters.intervalUs))
      }
      try await responses.send(
        GrpcTesting.StreamingOutputCallResponse(payload: try payload(parameters.size)),
        compressed: parameters.compressed?.value ?? false)
    }
  }

  private func payload(_ size: Int32) throws -> GrpcTesting.Payload {
    guard size >= 0, size <= payloadLimit else {
      throw RPCError(.invalidArgument, "a payload of \(size) bytes cannot be given")
    }
    return GrpcTesting.Payload(body: [UInt8](repeating: 0, count: Int(size)))
  }

  /// Refuses a request that is compressed otherwise than its sender says.
  private static func check(_ expected: GrpcTesting.BoolValue?, _ isCompressed: Bool) throws {
    guard let expected, expected.value != isCompressed else { return }
    throw RPCError(
      .invalidArgument,
      isCompressed ? "the request is compressed" : "the request is not compressed")
  }

  /// The caller's wish for a status, if it has one.
  private static func fail(with status: GrpcTesting.EchoStatus?) throws {
    guard let status, status.code != 0 else { return }
    guard let code = UInt8(exactly: status.code).flatMap(StatusCode.init(rawValue:)) else {
      throw RPCError(.invalidArgument, "there is no status code \(status.code)")
    }
    throw RPCError(code, status.message)
  }

  /// Gives two fields back, one in the headers, one in the trailers.
  private static func echoMetadata(_ context: ServerContext) {
    for value in context.metadata.all("x-grpc-test-echo-initial") {
      context.response.addHeader(value, for: "x-grpc-test-echo-initial")
    }
    var trailers = Metadata()
    if let bytes = context.metadata.bytes("x-grpc-test-echo-trailing-bin") {
      trailers.add(bytes, for: "x-grpc-test-echo-trailing-bin")
    }
    context.response.addTrailers(trailers)
  }
}
