internal import NIOCore
internal import NIOPosix
internal import ServiceKit
internal import TemporaryFiles
internal import TestKit
internal import Testing
internal import Web

@Suite("HTTPS: bad and slow peers")
struct ConnectionTests {
  @Test(
    "what is no HTTP is answered once, and the connection ends",
    arguments: [
      ("hello\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nhost: a\r\nbad name: b\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nhost: a\r\nx: " + String(repeating: "x", count: 20_000), 431),
      (
        "GET / HTTP/1.1\r\nhost: a\r\n"
          + (0..<200).map { "x\($0): y\r\n" }.joined() + "\r\n", 431
      ),
    ])
  func malformed(_ text: String, _ status: Int) async throws {
    let fixture = try await WebFixture()
    let caller = try await fixture.caller()
    try await caller.send(text)
    let answer = try await caller.answer()
    #expect(answer.status == status && answer.body.hasPrefix(#"{"error":"#))
    #expect(answer.fields["connection"] == "close")
    try await caller.ended()
    let good = try await fixture.caller()
    #expect(try await good.ask("/hello/a").status == 200)
    try await fixture.stop()
  }

  @Test(
    "whoever is slow is not waited for",
    arguments: [
      ("slow_head", ""), ("slow_head", "GET /hello/a HTTP/1.1\r\nhost:"),
      ("slow_body", "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc"),
    ])
  func slow(_ reason: String, _ text: String) async throws {
    let fixture = try await WebFixture {
      $0.head = .milliseconds(100)
      $0.body = .milliseconds(100)
    }
    let caller = try await fixture.caller()
    try await caller.send(text)
    try await caller.ended()
    #expect(fixture.metrics.contains(#"ended_total{reason="\#(reason)"} 1"#))
    try await fixture.stop()
  }

  @Test("a head that trickles in is not waited for either")
  func trickle() async throws {
    let fixture = try await WebFixture { $0.head = .milliseconds(300) }
    let caller = try await fixture.caller()
    try await caller.send("GET /hello/a HTTP/1.1\r\nx: ")
    let trickle = Task {
      while true {
        try await caller.send("a")
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    try await caller.ended()
    trickle.cancel()
    #expect(fixture.metrics.contains(#"reason="slow_head"} 1"#))
    try await fixture.stop()
  }

  @Test("an idle connection ends, and one that is too old after its answer")
  func idle() async throws {
    let fixture = try await WebFixture { $0.idle = .milliseconds(100) }
    let caller = try await fixture.caller()
    #expect(try await caller.ask("/hello/a").status == 200)
    try await caller.ended()
    #expect(fixture.metrics.contains(#"reason="idle"} 1"#))
    try await fixture.stop()

    let old = try await WebFixture { $0.age = .zero }
    let second = try await old.caller()
    let answer = try await second.ask("/hello/a")
    #expect(answer.status == 200 && answer.fields["connection"] == "close")
    try await second.ended()
    try await old.stop()
  }

  @Test("a handler that takes too long is given up")
  func handler() async throws {
    let fixture = try await WebFixture { $0.answer = .milliseconds(100) }
    let caller = try await fixture.caller()
    let answer = try await caller.ask("/wait")
    #expect(answer.status == 503 && answer.body.contains("UNAVAILABLE"))
    #expect(try await caller.ask("/hello/a").status == 200)
    try await fixture.stop()
  }

  @Test("bytes without TLS, another protocol and a certificate of another authority are refused")
  func handshakes() async throws {
    let fixture = try await WebFixture()
    let plain = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: fixture.address.host, port: fixture.address.port).get()
    try await plain.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\n\r\n"))
    try await plain.closeFuture.get()

    let other = TestPKI(in: TemporaryDirectory())
    defer { withExtendedLifetime(other) {} }
    let foreign = other.files("stranger", uri: "spiffe://lockbox.test/lockbox/approvals")
    for (identity, protocols) in [(nil, ["h2"]), (foreign, ["http/1.1"])] {
      let caller = try await fixture.caller(identity: identity, protocols: protocols)
      await #expect(throws: (any Error).self) { try await caller.ask("/services") }
      try await caller.ended()
    }
    let good = try await fixture.caller()
    #expect(try await good.ask("/hello/a").status == 200)
    #expect(
      await eventually {
        ["not_tls", "alpn", "certificate_"].allSatisfy {
          fixture.metrics.contains(#"tls_refused_total{reason="\#($0)"#)
        }
      }, "\(fixture.metrics)")
    try await fixture.stop()
  }

  @Test("a connection beyond the limit waits for its turn")
  func crowd() async throws {
    let fixture = try await WebFixture { $0.connections = 1 }
    let first = try await fixture.caller()
    #expect(try await first.ask("/hello/a").status == 200)
    let second = try await fixture.caller()
    async let answer = second.ask("/hello/b")
    #expect(try await first.ask("/hello/a").status == 200)
    try await first.close()
    #expect(try await answer.status == 200)
    try await fixture.stop()
  }
}
