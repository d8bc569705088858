internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import RPC

@Suite struct TickTests {
  private func echo() throws -> EmbeddedServer {
    try EmbeddedServer { router in
      router.unary(TestService.echo) { request, _ in request }
    }
  }

  @Test("calls that arrive in one read are answered in one write", arguments: [1, 2, 32, 100])
  func oneWrite(_ count: Int) throws {
    let server = try echo()
    var calls: [EmbeddedCall] = []
    var bytes: [UInt8] = []
    for index in 0..<count {
      let (call, request) = try server.request(TestService.echo.path, body: framed("\(index)"))
      calls.append(call)
      bytes += request
    }
    try server.deliver(bytes)
    #expect(try server.takeWrites() == 1)
    for (index, call) in calls.enumerated() {
      #expect(call.outcome.status == .ok)
      #expect(try call.outcome.messages() == [Text(text: "\(index)")])
    }
  }

  @Test("handlers that suspend and go on in the same tick share its write")
  func suspended() throws {
    let server = try EmbeddedServer { router in
      router.unary(TestService.echo) { request, _ in
        await Task.yield()
        return request
      }
    }
    var bytes: [UInt8] = []
    for index in 0..<10 {
      bytes += try server.request(TestService.echo.path, body: framed("\(index)")).1
    }
    try server.deliver(bytes)
    #expect(try server.takeWrites() == 1)
  }

  @Test("a request may be split at every byte")
  func everySplit() throws {
    let server = try echo()
    var split = 0
    var length = Int.max
    while split + 1 < length {
      let (call, bytes) = try server.request(TestService.echo.path, body: framed("some text"))
      // Shorter from the second request on: the header list is compressed.
      length = bytes.count
      split += 1
      try server.deliver(Array(bytes.prefix(split)))
      try server.takeWrites()
      try server.deliver(Array(bytes.dropFirst(split)))
      try server.takeWrites()
      #expect(call.outcome.status == .ok)
      #expect(try call.outcome.messages() == [Text(text: "some text")])
      try server.settle()
    }
  }

  @Test("a message may be split at every byte over DATA frames, and come a byte at a time")
  func everyFrame() throws {
    let server = try echo()
    let body = framed("text in frames")
    for size in 1...body.count {
      let (call, start) = try server.request(TestService.echo.path, body: [], end: false)
      var bytes = start
      for index in stride(from: 0, to: body.count, by: size) {
        call.write(Array(body[index..<min(index + size, body.count)]))
        bytes += server.pendingClientBytes()
      }
      call.finish()
      bytes += server.pendingClientBytes()
      try server.deliver(bytes)
      try server.takeWrites()
      #expect(try call.outcome.messages() == [Text(text: "text in frames")])
      try server.settle()
    }
  }

  @Test("a long stream leaves in few writes, none of which grows without bound")
  func longStream() throws {
    let server = try EmbeddedServer { router in
      router.serverStreaming(TestService.count) { _, responses, _ in
        for _ in 0..<1000 {
          try await responses.send(Text(typeURL: "", value: .init(repeating: 7, count: 1000)))
        }
      }
    }
    let (call, bytes) = try server.request(TestService.count.path, body: framed(""))
    try server.deliver(bytes)
    var writes = try server.takeWrites()
    while !call.isOver {
      let made = try server.settle()
      try #require(made > 0)
      writes += made
    }
    #expect(try call.outcome.messages().count == 1000)
    #expect(writes < 20)
  }
}
