internal import NIOCore
public import ProtobufC

extension RPCClient {
  // MARK: - One request, many answers

  /// Calls a method with one request and a stream of answers. The call begins at once; its errors
  /// come with the messages.
  public func serverStreaming<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, options: CallOptions = CallOptions()
  ) -> RPCResponses<Response> {
    RPCResponses(
      stream(method, options) { compression throws(RPCError) in
        try request.framedRequest(compression)
      }, pool)
  }

  // MARK: - Many requests, one answer

  /// Calls a method with a stream of requests and one answer. The call begins at once.
  public func clientStreaming<Request, Response>(
    _ method: Method<Request, Response>, options: CallOptions = CallOptions()
  ) -> ClientStreamingCall<Request, Response> {
    let requests = requestQueue(options)
    return ClientStreamingCall(stream(method, options, requests), requests, pool)
  }

  /// Calls a method with the requests that `send` sends, and returns the one answer.
  ///
  /// ```swift
  /// let total = try await client.clientStreaming(Sums.add) { requests in
  ///   for number in numbers { try await requests.send(number) }
  /// }
  /// ```
  ///
  /// - Throws: what `send` throws, which cancels the call, or the call's status as an `RPCError`.
  public func clientStreaming<Request, Response>(
    _ method: Method<Request, Response>, options: CallOptions = CallOptions(),
    isolation: isolated (any Actor)? = #isolation,
    _ send: (RPCRequests<Request>) async throws -> Void
  ) async throws -> Response {
    let call: ClientStreamingCall<Request, Response> = clientStreaming(method, options: options)
    do {
      try await send(call.requests)
    } catch {
      call.cancel()
      throw error
    }
    call.requests.finish()
    return try await call.response
  }

  // MARK: - Many requests, many answers

  /// Calls a method in which both sides stream. The call begins at once.
  public func bidirectional<Request, Response>(
    _ method: Method<Request, Response>, options: CallOptions = CallOptions()
  ) -> BidirectionalCall<Request, Response> {
    let requests = requestQueue(options)
    return BidirectionalCall(stream(method, options, requests), requests, pool)
  }

  /// Calls a method in which both sides stream, for as long as `talk` runs. Whoever wants the call
  /// to end by itself calls `finish()` on the requests and reads the responses to their end; a call
  /// that still runs when `talk` returns is cancelled.
  public func bidirectional<Request, Response, Outcome>(
    _ method: Method<Request, Response>, options: CallOptions = CallOptions(),
    isolation: isolated (any Actor)? = #isolation,
    _ talk: (RPCRequests<Request>, RPCResponses<Response>) async throws -> Outcome
  ) async throws -> Outcome {
    let call: BidirectionalCall<Request, Response> = bidirectional(method, options: options)
    defer { if call.responses.trailers == nil { call.cancel() } }
    return try await talk(call.requests, call.responses)
  }

  // MARK: - The beginning of a stream

  private func requestQueue(_ callOptions: CallOptions) -> RequestQueue {
    RequestQueue(
      limit: options.queuedRequestBytes,
      replayLimit: (callOptions.retry ?? options.retry).bufferBytes)
  }

  /// Begins a call with many requests, or with the one that `message` frames. What is wrong before
  /// anything can be sent becomes the end of the call.
  private func stream<Request, Response>(
    _ method: Method<Request, Response>, _ options: CallOptions, _ requests: RequestQueue? = nil,
    message: (Compression) throws(RPCError) -> [UInt8] = { _ throws(RPCError) in [] }
  ) -> StreamingCall {
    let compression = options.compression ?? self.options.compression
    var failure: RPCError?
    var metadata = Metadata()
    var first: [UInt8] = []
    do throws(RPCError) {
      metadata = try self.metadata(for: method.descriptor, options)
      first = try message(compression)
    } catch {
      failure = error
    }
    let request = ClientCall.Request(
      path: method.path, metadata: metadata, message: first, compression: compression,
      acceptsCompressed: self.options.acceptsCompressed)
    let call = StreamingCall(
      request, requests, deadline: options.timeout.map(ClientPool.deadline) ?? .distantFuture,
      timeout: options.timeout, waitForReady: options.waitForReady,
      retry: retry(of: method.descriptor, options),
      maximumResponseBytes: options.maximumResponseBytes ?? self.options.maximumResponseBytes)
    if let failure {
      requests?.end(failure)
      call.ended(failure, trailers: [:])
    } else {
      pool.post(.start(call))
    }
    return call
  }
}
