internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Web

@Suite("HTTPS: answers that go on")
struct EventsTests {
  @Test("events come as they are sent, and the connection is used again after their end")
  func events() async throws {
    let fixture = try await WebFixture()
    let caller = try await fixture.caller()
    try await caller.send("GET /events/3 HTTP/1.1\r\nhost: a\r\n\r\n")
    let text = try await caller.read(until: "0\r\n\r\n")
    #expect(text.contains("content-type: text/event-stream; charset=utf-8"))
    #expect(text.contains("transfer-encoding: chunked") && !text.contains("content-length"))
    #expect(text.contains("retry: "))
    for number in 0..<3 { #expect(text.contains("event: count\ndata: \(number)\n\n")) }
    #expect(try await caller.ask("GET", "/hello/a").status == 200)
    try await fixture.stop()
  }

  @Test("a stream shows signs of life, and lives longer than an answer may take")
  func heartBeat() async throws {
    let fixture = try await WebFixture {
      $0.heartBeat = .milliseconds(20)
      // Long enough for a busy machine to begin the answer, and over before the last of the beats.
      $0.answer = .seconds(3)
    }
    let caller = try await fixture.caller()
    try await caller.send("GET /events/ever HTTP/1.1\r\nhost: a\r\n\r\n")
    try await caller.read(until: String(repeating: "3\r\n:\n\n\r\n", count: 200))
    #expect(!fixture.metrics.contains("no_answer"))
    try await fixture.stop()
  }

  @Test("a drain ends streams whole, and none begins after")
  func drain() async throws {
    let fixture = try await WebFixture()
    let caller = try await fixture.caller()
    try await caller.send("GET /events/ever HTTP/1.1\r\nhost: a\r\n\r\n")
    try await caller.read(until: "\r\n\r\n")
    fixture.listener.shutdown()
    try await caller.read(until: "0\r\n\r\n")
    try await fixture.stop()
  }

  @Test("streams are bounded in all and for each owner; a place is free again after its end")
  func bounded() async throws {
    let fixture = try await WebFixture {
      $0.streams = 3
      $0.streamsPerOwner = 2
      $0.heartBeat = .milliseconds(20)
    }
    func begin(_ owner: String) async throws -> (HTTPSCaller, String) {
      let caller = try await fixture.caller()
      try await caller.send("GET /events/ever?owner=\(owner) HTTP/1.1\r\nhost: a\r\n\r\n")
      return (caller, try await caller.read(until: "\r\n\r\n"))
    }
    let first = try await begin("a")
    #expect(first.1.contains("HTTP/1.1 200"))
    #expect(try await begin("a").1.contains("HTTP/1.1 200"))
    #expect(try await begin("a").1.contains("HTTP/1.1 503"))
    #expect(try await begin("b").1.contains("HTTP/1.1 200"))
    #expect(try await begin("c").1.contains("HTTP/1.1 503"))
    #expect(fixture.metrics.contains("lockbox_http_streams_open 3"))
    try await first.0.close()
    #expect(await eventually { fixture.metrics.contains("lockbox_http_streams_open 2") })
    #expect(try await begin("c").1.contains("HTTP/1.1 200"))
    try await fixture.stop()
  }

  @Test("HEAD tells of a stream, and begins none")
  func head() async throws {
    let fixture = try await WebFixture()
    let answer = try await fixture.caller().ask("HEAD", "/events/ever")
    #expect(answer.status == 200)
    #expect(fixture.metrics.contains("lockbox_http_streams_open 0"))
    try await fixture.stop()
  }

  @Test("a sender waits until its piece is written, and is told of the end")
  func backPressure() async throws {
    let channel = EventChannel()
    let sent = Mutex(0)
    let sender = Task {
      for number in 0..<3 {
        try await channel.put([UInt8(number)])
        sent.withLock { $0 += 1 }
      }
    }
    for number in 0..<3 {
      #expect(await channel.next() == [UInt8(number)])
      #expect(sent.withLock { $0 } <= number, "the last piece is not written yet")
    }
    channel.close()
    #expect(await channel.next() == nil)
    await #expect(throws: CancellationError.self) { try await sender.value }
    await #expect(throws: CancellationError.self) { try await channel.put([]) }
  }

  @Test("whoever stops reading the channel is not waited for")
  func cancelled() async throws {
    let channel = EventChannel()
    let reader = Task { await channel.next() }
    reader.cancel()
    #expect(await reader.value == nil)
  }
}
