internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import RPC

/// The tables of gRPC's specification in full, over the wire.
@Suite("What an answer means", .timeLimit(.minutes(2)))
struct StatusMappingTests {
  /// gRPC `doc/http-grpc-status-mapping.md`.
  private static func code(ofHTTP status: Int) -> StatusCode {
    switch status {
    case 400, 431: .internal
    case 401: .unauthenticated
    case 403: .permissionDenied
    case 404: .unimplemented
    case 429, 502, 503, 504: .unavailable
    default: .unknown
    }
  }

  @Test(
    "every HTTP status without a grpc-status, with and without a body", arguments: [true, false])
  func httpStatus(hasBody: Bool) async throws {
    let fixture = try await Fixture { stream in
      let status = stream.fields["x-status"] ?? ""
      stream.sendHeaders(status: status, type: "text/html", endStream: !hasBody)
      if hasBody {
        stream.write(Array("<html>".utf8))
        stream.finish()
      }
    }
    for status in 200...599 {
      let options = CallOptions(metadata: ["x-status": "\(status)"])
      let error = try await failure { () throws(RPCError) in
        try await fixture.client.unary(EchoService.echo, Note(), options: options)
      }
      #expect(error.code == Self.code(ofHTTP: status), "HTTP status \(status)")
    }
    #expect(fixture.server.connectionCount == 1)
    try await fixture.end()
  }

  @Test("a grpc-status counts whatever the HTTP status", arguments: [200, 404, 503])
  func grpcStatusFirst(http: Int) async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders(status: "\(http)", [("grpc-status", "10")], endStream: true)
    }
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .aborted)
    try await fixture.end()
  }

  @Test("informational answers are skipped", arguments: [100, 102, 103, 199])
  func informational(status: Int) async throws {
    let pki = try ClientPKI()
    let server = try await FrameServer(
      pki.server(),
      .init(requested: { connection, stream in
        // `:status` by its name's index, the value in three digits (RFC 7541 §6.2.2).
        connection.send(.headers, flags: 0x4, stream: stream, [0x08, 3] + Array("\(status)".utf8))
        connection.sendHeaders(on: stream)
        connection.sendData([0, 0, 0, 0, 0], on: stream) { connection.sendStatus(0, on: stream) }
      }))
    let client = try Fixture.client(of: server.port, pki)
    #expect(try await client.unary(EchoService.echo, Note()) == Note())
    await client.shutdown(grace: .zero)
    try await server.close()
  }

  @Test("every grpc-status, as the only header list and as trailers", arguments: [true, false])
  func grpcStatus(trailersOnly: Bool) async throws {
    let fixture = try await Fixture { stream in
      let status = stream.fields["x-status"] ?? ""
      if trailersOnly {
        stream.sendHeaders([("grpc-status", status)], endStream: true)
      } else {
        stream.sendHeaders()
        stream.sendStatus(Int(status) ?? 0)
      }
    }
    for number in 1...20 {
      let options = CallOptions(metadata: ["x-status": "\(number)"])
      let error = try await failure { () throws(RPCError) in
        try await fixture.client.unary(EchoService.echo, Note(), options: options)
      }
      #expect(error.code == StatusCode(rawValue: UInt8(number)) ?? .unknown, "status \(number)")
    }
    try await fixture.end()
  }

  /// gRPC `doc/PROTOCOL-HTTP2.md`, "Errors". REFUSED_STREAM is repeated first; STREAM_CLOSED and
  /// HTTP_1_1_REQUIRED have no mapping.
  private static let resets: [(code: UInt32, status: StatusCode)] = [
    (0x0, .internal), (0x1, .internal), (0x2, .internal), (0x3, .internal), (0x4, .internal),
    (0x5, .unknown), (0x6, .internal), (0x7, .unavailable), (0x8, .cancelled), (0x9, .internal),
    (0xa, .internal), (0xb, .resourceExhausted), (0xc, .permissionDenied), (0xd, .unknown),
    (0xe, .unknown), (0xffff_ffff, .unknown),
  ]

  @Test("every code of RST_STREAM, before and after the header list", arguments: [true, false])
  func reset(hasHeaders: Bool) async throws {
    let fixture = try await Fixture { stream in
      let code = UInt32(stream.fields["x-code"] ?? "") ?? 0
      if hasHeaders { stream.sendHeaders() }
      stream.reset(HTTP2ErrorCode(rawValue: code))
    }
    for (code, status) in Self.resets {
      let options = CallOptions(metadata: ["x-code": "\(code)"])
      let error = try await failure { () throws(RPCError) in
        try await fixture.client.unary(EchoService.echo, Note(), options: options)
      }
      #expect(error.code == status, "RST_STREAM \(code)")
    }
    #expect(fixture.server.connectionCount == 1)
    try await fixture.end()
  }

  @Test("a call that is cancelled by the server after its deadline has met its deadline")
  func cancelledLate() async throws {
    let fixture = try await Fixture { stream in
      // The server's clock runs out first.
      stream.reset(.cancel)
    }
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(
        EchoService.echo, Note(), options: CallOptions(timeout: .nanoseconds(1)))
    }
    #expect(error.code == .deadlineExceeded)
    try await fixture.end()
  }
}
