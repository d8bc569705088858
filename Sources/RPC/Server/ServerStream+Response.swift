internal import Logging
internal import NIOCore
internal import ProtobufC
internal import Synchronization

extension ServerStream {
  private static let headerFields = StaticFields([
    (":status", "200"), ("content-type", "application/grpc"),
  ])
  private static let successFields = StaticFields([("grpc-status", "0")])

  // MARK: - For handlers

  /// Keeps the one response of a call until its status is known.
  nonisolated(nonsending) func hold(_ response: some Message) async throws {
    let bytes = try Self.frame(response)
    try await connection.executor.onLoop { self.heldResponse = bytes }
  }

  static func frame(_ response: some Message) throws -> [UInt8] {
    do {
      return try response.framed()
    } catch {
      throw unencodable(error)
    }
  }

  /// Queues one message; suspends while too much is queued. From any thread.
  nonisolated(nonsending) func send(_ bytes: [UInt8], compressed: Bool?) async throws {
    let isFull = try await connection.executor.onLoop {
      try self.checkServing()
      self.submitHeaders()
      self.send(frame: bytes, compressed: compressed)
      return self.isFull
    }
    guard isFull else { return }
    try await connection.executor.wait { waiter in
      if self.isFull, self.phase != .over {
        self.roomWaiters = (self.roomWaiters ?? []) + [waiter]
        self.connection.watchStall()
      } else {
        waiter.resume()
      }
    }
  }

  nonisolated(nonsending) func sendHeaders() async throws {
    try await connection.executor.onLoop {
      try self.checkServing()
      self.submitHeaders()
    }
  }

  private func send(frame: [UInt8], compressed: Bool?) {
    let frame = compression == .identity ? frame : compression.frame(frame, compressed)
    sentBytes += frame.count
    write(frame)
  }

  private var isFull: Bool {
    let limits = connection.limits
    return queuedBytes > limits.queuedResponseBytes
      || queuedBytes > 0 && (session?.queuedBytes ?? 0) > limits.queuedConnectionBytes
  }

  /// Whether to go on after `isFull`. A stream with nothing queued does not wait for the others.
  var hasRoom: Bool {
    let limits = connection.limits
    return queuedBytes == 0
      || queuedBytes <= limits.queuedResponseBytes / 2
        && (session?.queuedBytes ?? 0) <= limits.queuedConnectionBytes
  }

  private func checkServing() throws {
    if phase == .over { throw Self.gone }
  }

  static func unencodable(_ error: EncodingError) -> RPCError {
    RPCError(.internal, "the response cannot be encoded: \(error)")
  }

  // MARK: - The answer

  private func submitHeaders() {
    connection.executor.assertOnLoop()
    guard !sentHeaders else { return }
    sentHeaders = true
    var fields = HTTP2Fields(Self.headerFields)
    if let answerFields {
      if answerFields.compression != .identity, head.acceptsGzip {
        compression = answerFields.compression
        fields.append("grpc-encoding", "gzip")
      }
      append(answerFields.headers, to: &fields)
    }
    if head.encoding != .identity { fields.append("grpc-accept-encoding", Compression.accepted) }
    respond(fields, endStream: false)
  }

  /// The handler has returned: what it held, then the status.
  func answerSuccess() {
    if let bytes = heldResponse {
      heldResponse = nil
      submitHeaders()
      send(frame: bytes, compressed: nil)
    }
    submitHeaders()
    phase = .over
    var trailers = HTTP2Fields(Self.successFields)
    if let metadata = answerFields?.trailers { append(metadata, to: &trailers) }
    finish(trailers: trailers)
    finished(.ok)
  }

  /// Ends the call with an error: trailers, alone if nothing has been sent yet.
  func answer(_ error: RPCError) {
    connection.executor.assertOnLoop()
    guard phase != .over else { return }
    phase = .over
    heldResponse = nil
    var fields = HTTP2Fields(sentHeaders ? .none : Self.headerFields)
    fields.append("grpc-status", String(error.code.rawValue))
    if !error.message.isEmpty {
      fields.append("grpc-message", PercentCoding.encode(error.message))
    }
    if let details = error.statusDetails {
      fields.append("grpc-status-details-bin", Base64.encode(details))
    }
    // gRPC `doc/compression.md`: whoever refuses a compression names those it can read.
    if error.code == .unimplemented, head.encoding == .unknown, !sentHeaders {
      fields.append("grpc-accept-encoding", Compression.accepted)
    }
    if let answerFields {
      if !sentHeaders { append(answerFields.headers, to: &fields) }
      append(answerFields.trailers, to: &fields)
    }
    append(error.trailers, to: &fields)
    if sentHeaders { finish(trailers: fields) } else { respond(fields, endStream: true) }
    finished(error.code)
  }

  /// What the handler and its interceptors add.
  private var answerFields: ResponseMetadata.Fields? { responseFields.withLock { $0 } }

  private func append(_ metadata: Metadata, to fields: inout HTTP2Fields) {
    guard !metadata.isEmpty else { return }
    if let problem = metadata.problem {
      connection.logger.error("response metadata dropped", metadata: ["problem": "\(problem)"])
      return
    }
    for field in metadata { fields.append(field.name, field.value.wire) }
  }
}
