internal import ServiceKit
internal import TestKit
internal import Testing
internal import Web

@Suite("HTTPS: the end of a listener")
struct DrainTests {
  @Test("what runs is answered, and nothing new is taken")
  func drain() async throws {
    let fixture = try await WebFixture()
    let idle = try await fixture.caller()
    #expect(try await idle.ask("/hello/a").status == 200)
    let busy = try await fixture.caller()
    async let answer = busy.ask("/wait")
    for await _ in fixture.waiting.stream { break }
    fixture.listener.shutdown()
    try await idle.ended()
    fixture.gate.continuation.yield()
    #expect(try await answer.body == "waited")
    try await busy.ended()
    try await fixture.listener.run()
    await #expect(throws: (any Error).self) {
      let late = try await fixture.caller()
      _ = try await late.ask("/hello/a")
    }
  }

  @Test("what does not end within the time to drain is ended")
  func cut() async throws {
    let fixture = try await WebFixture { $0.drain = .milliseconds(100) }
    let busy = try await fixture.caller()
    let answer = Task { try await busy.ask("/wait") }
    for await _ in fixture.waiting.stream { break }
    fixture.listener.shutdown()
    await #expect(throws: (any Error).self) { try await answer.value }
    fixture.gate.continuation.finish()
    try await fixture.listener.run()
  }
}
