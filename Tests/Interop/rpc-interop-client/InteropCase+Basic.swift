internal import ProtobufC
internal import RPC
internal import TestProto

extension InteropCase {
  private static let requestSizes = [27_182, 8, 1_828, 45_904]
  private static let responseSizes = [31_415, 9, 2_653, 58_979]

  static let basic: [String: Body] = [
    "empty_unary": { test in
      _ = try await test.client.unary(Service.emptyCall, GrpcTesting.Empty())
      return nil
    },
    "large_unary": { test in
      try await test.largeCall()
      return nil
    },
    "client_streaming": { try await $0.clientStreaming() },
    "server_streaming": { try await $0.serverStreaming() },
    "ping_pong": { try await $0.pingPong() },
    "empty_stream": { test in
      let call = test.client.bidirectional(Service.fullDuplexCall)
      call.requests.finish()
      for try await _ in call.responses { throw Failure(description: "there is an answer") }
      return nil
    },
    "custom_metadata": { try await $0.customMetadata() },
    "status_code_and_message": { try await $0.statusCodeAndMessage() },
    "special_status_message": { try await $0.specialStatusMessage() },
    "unimplemented_method": { test in
      try await failure(.unimplemented) {
        _ = try await test.client.unary(Service.unimplementedCall, GrpcTesting.Empty())
      }
      return nil
    },
    "unimplemented_service": { test in
      try await failure(.unimplemented) {
        _ = try await test.client.unary(
          GrpcTesting.UnimplementedService.unimplementedCall, GrpcTesting.Empty())
      }
      return nil
    },
    "cancel_after_begin": { try await $0.cancelAfterBegin() },
    "cancel_after_first_response": { try await $0.cancelAfterFirstResponse() },
    "timeout_on_sleeping_server": { try await $0.timeoutOnSleepingServer() },
  ]

  private func clientStreaming() async throws -> String? {
    let call = client.clientStreaming(Service.streamingInputCall)
    for size in Self.requestSizes {
      try await call.requests.send(.init(payload: GrpcTesting.Payload(zeros: size)))
    }
    call.requests.finish()
    let total = try await call.response.aggregatedPayloadSize
    try Self.expect("the size of all payloads", total, 74_922)
    return nil
  }

  private func serverStreaming() async throws -> String? {
    let request = GrpcTesting.StreamingOutputCallRequest(
      responseParameters: Self.responseSizes.map { .init(size: Int32($0)) })
    var sizes = Self.responseSizes[...]
    for try await answer in client.serverStreaming(Service.streamingOutputCall, request) {
      guard let size = sizes.popFirst() else { throw Failure(description: "too many answers") }
      try Self.expectZeros(answer.payload, size)
    }
    try Self.expect("the number of missing answers", sizes.count, 0)
    return nil
  }

  /// A request of one size that asks for an answer of another.
  private static func ball(
    _ request: Int, _ response: Int, after interval: Int32 = 0
  ) -> GrpcTesting.StreamingOutputCallRequest {
    .init(
      responseParameters: [.init(size: Int32(response), intervalUs: interval)],
      payload: GrpcTesting.Payload(zeros: request))
  }

  private func pingPong() async throws -> String? {
    let call = client.bidirectional(Service.fullDuplexCall)
    var answers = call.responses.makeAsyncIterator()
    for (request, response) in zip(Self.requestSizes, Self.responseSizes) {
      try await call.requests.send(Self.ball(request, response))
      try Self.expectZeros(try await answers.next()?.payload, response)
    }
    call.requests.finish()
    guard try await answers.next() == nil else {
      throw Failure(description: "there is an answer too many")
    }
    return nil
  }

  private func customMetadata() async throws -> String? {
    let text = "test_initial_metadata_value"
    let bytes: [UInt8] = [0xab, 0xab, 0xab]
    var metadata: Metadata = ["x-grpc-test-echo-initial": text]
    metadata.add(bytes, for: "x-grpc-test-echo-trailing-bin")
    let options = CallOptions(timeout: .seconds(60), metadata: metadata)
    let unary = try await client.unaryResponse(
      Service.unaryCall,
      GrpcTesting.SimpleRequest(responseSize: 1, payload: GrpcTesting.Payload(zeros: 1)),
      options: options)
    try Self.expect(
      "the initial metadata", unary.metadata.all("x-grpc-test-echo-initial"), [text])
    try Self.expect(
      "the trailing metadata", unary.trailers.bytes("x-grpc-test-echo-trailing-bin"), bytes)
    let call = client.bidirectional(Service.fullDuplexCall, options: options)
    try await call.requests.send(Self.ball(1, 1))
    call.requests.finish()
    for try await answer in call.responses { try Self.expectZeros(answer.payload, 1) }
    let initial = try await call.responses.metadata
    try Self.expect(
      "the stream's initial metadata", initial.all("x-grpc-test-echo-initial"), [text])
    try Self.expect(
      "the stream's trailing metadata",
      call.responses.trailers?.bytes("x-grpc-test-echo-trailing-bin"), bytes)
    return nil
  }

  private func statusCodeAndMessage() async throws -> String? {
    let status = GrpcTesting.EchoStatus(code: 2, message: "test status message")
    let unary = try await Self.failure(.unknown) {
      _ = try await client.unary(
        Service.unaryCall, GrpcTesting.SimpleRequest(responseStatus: status))
    }
    try Self.expect("the message", unary.message, status.message)
    let call = client.bidirectional(Service.fullDuplexCall)
    try await call.requests.send(.init(responseStatus: status))
    call.requests.finish()
    let stream = try await Self.failure(.unknown) { for try await _ in call.responses {} }
    try Self.expect("the stream's message", stream.message, status.message)
    return nil
  }

  private func specialStatusMessage() async throws -> String? {
    let text = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    let error = try await Self.failure(.unknown) {
      _ = try await client.unary(
        Service.unaryCall,
        GrpcTesting.SimpleRequest(responseStatus: .init(code: 2, message: text)))
    }
    try Self.expect("the message", error.message, text)
    return nil
  }

  private func cancelAfterBegin() async throws -> String? {
    let call = client.clientStreaming(Service.streamingInputCall)
    call.cancel()
    try await Self.failure(.cancelled) { _ = try await call.response }
    return nil
  }

  private func cancelAfterFirstResponse() async throws -> String? {
    let call = client.bidirectional(Service.fullDuplexCall)
    try await call.requests.send(Self.ball(27_182, 31_415))
    var answers = call.responses.makeAsyncIterator()
    try Self.expectZeros(try await answers.next()?.payload, 31_415)
    call.cancel()
    try await Self.failure(.cancelled) { _ = try await answers.next() }
    return nil
  }

  private func timeoutOnSleepingServer() async throws -> String? {
    let call = client.bidirectional(
      Service.fullDuplexCall, options: CallOptions(timeout: .milliseconds(1)))
    try await Self.failure(.deadlineExceeded) {
      try await call.requests.send(Self.ball(27_182, 31_415, after: 1_000_000))
      for try await _ in call.responses {}
    }
    return nil
  }
}
