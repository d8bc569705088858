internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("Cancelling at any moment", .timeLimit(.minutes(2)))
struct CancellationRaceTests {
  private static func router(_ running: Counter) -> Router {
    var router = Router()
    router.unary(EchoService.echo) { request, _ in
      running.add()
      defer { running.add(-1) }
      await Task.yield()
      return request
    }
    router.serverStreaming(EchoService.watch) { _, responses, _ in
      running.add()
      defer { running.add(-1) }
      for number in 0..<50 { try await responses.send(Note("\(number)")) }
    }
    router.clientStreaming(EchoService.gather) { requests, _ in
      running.add()
      defer { running.add(-1) }
      var last = Note()
      for try await note in requests { last = note }
      return last
    }
    router.bidirectional(EchoService.chat) { requests, responses, _ in
      running.add()
      defer { running.add(-1) }
      for try await note in requests { try await responses.send(note) }
    }
    return router
  }

  /// One call of a kind, to its end or to the task's.
  private static func call(_ client: RPCClient, kind: Int) async throws {
    switch kind {
    case 0: _ = try await client.unary(EchoService.echo, Note(bytes: 20_000))
    case 1: for try await _ in client.serverStreaming(EchoService.watch, Note()) {}
    case 2:
      _ = try await client.clientStreaming(EchoService.gather) { requests in
        for _ in 0..<20 { try await requests.send(Note(bytes: 10_000)) }
      }
    default:
      try await client.bidirectional(EchoService.chat) { requests, responses in
        var answers = responses.makeAsyncIterator()
        for number in 0..<20 {
          try await requests.send(Note("\(number)"))
          #expect(try await answers.next() == Note("\(number)"))
        }
        requests.finish()
        #expect(try await answers.next() == nil)
      }
    }
  }

  @Test(
    "a cancelled call ends as cancelled or as what it was, and leaves nothing", arguments: 1...4)
  func races(seed: UInt64) async throws {
    var limits = ServerLimits.standard
    limits.resets = EventRate(count: 100_000, per: .seconds(1))
    let running = Counter()
    let pair = try await Pair(Self.router(running), limits: limits)
    let client = pair.client
    var random = SeededGenerator(seed: seed)
    let plans = (0..<300).map { _ in
      (
        kind: Int.random(in: 0..<4, using: &random),
        delay: Duration.microseconds(Int64.random(in: 0..<3_000, using: &random)),
        onLoop: Bool.random(using: &random)
      )
    }
    try await withThrowingTaskGroup(of: StatusCode?.self) { group in
      for (number, plan) in plans.enumerated() {
        if number >= 16, let code = try await group.next() {
          #expect(code == nil || code == .cancelled, "seed \(seed)")
        }
        group.addTask {
          let executor: (any TaskExecutor)? = plan.onLoop ? client.taskExecutor : nil
          let call = Task(executorPreference: executor) {
            try await Self.call(client, kind: plan.kind)
          }
          // The delay puts the end at a random place of the call; nothing waits for it.
          try await Task.sleep(for: plan.delay)
          call.cancel()
          do { try await call.value } catch let error as RPCError { return error.code }
          return nil
        }
      }
      for try await code in group {
        #expect(code == nil || code == .cancelled, "seed \(seed)")
      }
    }
    try await expectNothingLeft(in: client)
    try await until { running.value == 0 }
    #expect(try await client.unary(EchoService.echo, Note("after")) == Note("after"))
    try await pair.end()
  }
}
