internal import ProtobufC
internal import RPC
internal import TestProto

extension InteropCase {
  static let compressed: [String: Body] = [
    "client_compressed_unary": { try await $0.clientCompressedUnary() },
    "server_compressed_unary": { try await $0.serverCompressedUnary() },
    "client_compressed_streaming": { try await $0.clientCompressedStreaming() },
    "server_compressed_streaming": { try await $0.serverCompressedStreaming() },
  ]

  private func clientCompressedUnary() async throws -> String? {
    func call(expecting wish: Bool, _ compression: Compression) async throws {
      let answer = try await client.unary(
        Service.unaryCall,
        GrpcTesting.SimpleRequest(
          responseSize: Int32(Self.largeResponse),
          payload: GrpcTesting.Payload(zeros: Self.largeRequest),
          expectCompressed: .init(value: wish)),
        options: CallOptions(compression: compression))
      try Self.expectZeros(answer.payload, Self.largeResponse)
    }
    // A probe: does the server look at what it received at all?
    try await Self.failure(.invalidArgument) { try await call(expecting: true, .identity) }
    try await call(expecting: true, .gzip)
    try await call(expecting: false, .identity)
    return nil
  }

  private func serverCompressedUnary() async throws -> String? {
    for wish in [true, false] {
      let answer = try await client.unaryResponse(
        Service.unaryCall,
        GrpcTesting.SimpleRequest(
          responseSize: Int32(Self.largeResponse),
          payload: GrpcTesting.Payload(zeros: Self.largeRequest),
          responseCompressed: .init(value: wish)))
      try Self.expect("whether the answer is compressed", answer.isCompressed, wish)
      try Self.expectZeros(answer.message.payload, Self.largeResponse)
    }
    return nil
  }

  private func clientCompressedStreaming() async throws -> String? {
    // A probe: does the server look at what it received at all?
    let probe = await streamed([.init(size: 27_182, isCompressed: false, isExpected: true)])
    guard case .failure(let error) = probe, error.code == .invalidArgument else {
      throw Failure(description: "the probe gave \(probe), not INVALID_ARGUMENT")
    }
    let total = try await streamed([
      .init(size: 27_182, isCompressed: true, isExpected: true),
      .init(size: 45_904, isCompressed: false, isExpected: false),
    ]).get()
    try Self.expect("the size of all payloads", total, 73_086)
    return nil
  }

  /// One request of StreamingInputCall.
  private struct Part {
    var size: Int
    var isCompressed: Bool
    /// What the server is told to expect.
    var isExpected: Bool
  }

  private func streamed(_ parts: [Part]) async -> Result<Int32, RPCError> {
    let call = client.clientStreaming(
      Service.streamingInputCall, options: CallOptions(compression: .gzip))
    do throws(RPCError) {
      for part in parts {
        let request = GrpcTesting.StreamingInputCallRequest(
          payload: GrpcTesting.Payload(zeros: part.size),
          expectCompressed: .init(value: part.isExpected))
        try await call.requests.send(request, compressed: part.isCompressed)
      }
      call.requests.finish()
      return .success(try await call.response.aggregatedPayloadSize)
    } catch {
      return .failure(error)
    }
  }

  private func serverCompressedStreaming() async throws -> String? {
    let wanted = [(size: 31_415, isCompressed: true), (size: 92_653, isCompressed: false)]
    let request = GrpcTesting.StreamingOutputCallRequest(
      responseParameters: wanted.map {
        .init(size: Int32($0.size), compressed: .init(value: $0.isCompressed))
      })
    var answers = client.serverStreaming(Service.streamingOutputCall, request)
      .makeAsyncIterator()
    for (size, isCompressed) in wanted {
      try Self.expectZeros(try await answers.next()?.payload, size)
      try Self.expect(
        "whether an answer is compressed", answers.isCompressed, isCompressed)
    }
    guard try await answers.next() == nil else {
      throw Failure(description: "there is an answer too many")
    }
    return nil
  }
}
