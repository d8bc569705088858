internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import TLS
internal import Testing

@testable internal import RPC

/// The client and the server of this module, over TLS with certificates on both sides.
@Suite("Client and server", .timeLimit(.minutes(2)))
struct EndToEndTests {
  @Test("a handler sees the caller's identity, metadata and deadline, and its answer comes back")
  func unary() async throws {
    var router = Router()
    router.unary(EchoService.echo) { request, context in
      context.response.addTrailer(context.peer?.spiffeID ?? "nobody", for: "x-peer")
      context.response.addHeader(context.metadata["x-asked"] ?? "", for: "x-answer")
      guard context.deadline != nil else { throw RPCError(.internal, "no deadline") }
      return request
    }
    let pair = try await Pair(router)
    let response = try await pair.client.unaryResponse(
      EchoService.echo, Note("hello"), options: CallOptions(metadata: ["x-asked": "this"]))
    #expect(response.message == Note("hello"))
    #expect(response.metadata["x-answer"] == "this")
    #expect(response.trailers["x-peer"] == "spiffe://test.example/lockbox/intake")
    try await pair.end()
  }

  @Test("what a handler throws arrives whole")
  func error() async throws {
    let thrown = RPCError(
      .failedPrecondition, "zu spät ☺",
      details: [
        .errorInfo(reason: "REQUEST_EXPIRED", domain: "lockbox", metadata: ["state": "EXPIRED"]),
        .badRequest([FieldViolation(field: "a", description: "b")]),
      ], trailers: ["x-more": "1"])
    var router = Router()
    router.unary(EchoService.echo) { _, _ in throw thrown }
    let pair = try await Pair(router)
    let error = try await failure { () throws(RPCError) in
      try await pair.client.unary(EchoService.echo, Note())
    }
    #expect(error.code == thrown.code && error.message == thrown.message)
    #expect(error.details == thrown.details)
    #expect(error.trailers["x-more"] == "1")
    let unknown = try await failure { () throws(RPCError) in
      try await pair.client.unary(EchoService.read, Note())
    }
    #expect(unknown.code == .unimplemented)
    try await pair.end()
  }

  @Test("64 callers at once, each many times, from tasks anywhere and on the client's loop")
  func load() async throws {
    var router = Router()
    router.unary(EchoService.echo) { request, _ in request }
    let pair = try await Pair(router)
    let client = pair.client
    try await withThrowingTaskGroup(of: Int.self) { group in
      for caller in 0..<64 {
        let executor: (any TaskExecutor)? = caller % 2 == 0 ? client.taskExecutor : nil
        group.addTask(executorPreference: executor) {
          var right = 0
          for number in 0..<50 {
            let note = Note("\(caller)/\(number)")
            if try await client.unary(EchoService.echo, note) == note { right += 1 }
          }
          return right
        }
      }
      var right = 0
      for try await count in group { right += count }
      #expect(right == 64 * 50)
    }
    try await pair.end()
  }

  @Test("a stream arrives in order, and a reader that leaves cancels its handler")
  func streaming() async throws {
    let cancelled = Signal()
    var router = Router()
    router.serverStreaming(EchoService.watch) { request, responses, _ in
      var number = 0
      do {
        while number < 3_000 || request.typeURL == "endless" {
          try await responses.send(Note("\(number)"))
          number += 1
        }
      } catch {
        cancelled.send()
        throw error
      }
    }
    let pair = try await Pair(router)
    var next = 0
    for try await note in pair.client.serverStreaming(EchoService.watch, Note()) {
      guard note == Note("\(next)") else { break }
      next += 1
    }
    #expect(next == 3_000)
    for try await note in pair.client.serverStreaming(EchoService.watch, Note("endless"))
    where note == Note("2000") { break }
    await cancelled.wait()
    try await pair.end()
  }

  @Test("a deadline reaches the handler as its cancellation")
  func deadline() async throws {
    let cancelled = Signal()
    let hasArrived = Mutex(false)
    var router = Router()
    router.unary(EchoService.echo) { request, _ in
      hasArrived.withLock { $0 = true }
      do { try await Task.sleep(for: .seconds(600)) } catch { cancelled.send() }
      return request
    }
    let pair = try await Pair(router)
    // On a busy machine a call may meet its deadline before its handler: then one with more time.
    var timeout = Duration.milliseconds(300)
    repeat {
      let options = CallOptions(timeout: timeout)
      let error = try await failure { () throws(RPCError) in
        try await pair.client.unary(EchoService.echo, Note(), options: options)
      }
      #expect(error.code == .deadlineExceeded)
      timeout *= 2
    } while !hasArrived.withLock { $0 }
    await cancelled.wait()
    try await pair.end()
  }

  @Test("a server that drains lets the running call end")
  func drain() async throws {
    let arrived = Signal()
    let go = Signal()
    var router = Router()
    router.unary(EchoService.echo) { request, _ in
      arrived.send()
      await go.wait()
      return request
    }
    let pair = try await Pair(router)
    let client = pair.client
    let call = Task { try await client.unary(EchoService.echo, Note("a")) }
    await arrived.wait()
    pair.server.shutdown()
    go.send()
    #expect(try await call.value == Note("a"))
    try await pair.end()
  }
}
