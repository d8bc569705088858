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
    if probes {
      try await Self.failure(.invalidArgument) { try await call(expecting: true, .identity) }
    }
    try await call(expecting: true, .gzip)
    try await call(expecting: false, .identity)
    return probes ? nil : "passed without the probe"
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
    let options = CallOptions(compression: .gzip)
    func request(
      _ size: Int, expecting wish: Bool
    ) -> GrpcTesting.StreamingInputCallRequest {
      .init(payload: GrpcTesting.Payload(zeros: size), expectCompressed: .init(value: wish))
    }
    if probes {
      try await Self.failure(.invalidArgument) {
        _ = try await client.clientStreaming(Service.streamingInputCall, options: options) {
          try await $0.send(request(27_182, expecting: true), compressed: false)
        }
      }
    }
    let answer = try await client.clientStreaming(
      Service.streamingInputCall, options: options
    ) { requests in
      try await requests.send(request(27_182, expecting: true), compressed: true)
      try await requests.send(request(45_904, expecting: false), compressed: false)
    }
    try Self.expect("the size of all payloads", answer.aggregatedPayloadSize, 73_086)
    return probes ? nil : "passed without the probe"
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
