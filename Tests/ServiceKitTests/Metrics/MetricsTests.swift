internal import NIOCore
internal import NIOPosix
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

@Suite("Metrics")
struct MetricsTests {
  @Test("calls are counted by method and status, with cumulative buckets")
  func calls() {
    let metrics = CallMetrics(.people, serving: ["/a/B", "/a/C"])
    metrics.connectionOpened()
    metrics.callStarted(path: "/a/B")
    metrics.callFinished(
      path: "/a/B", code: .ok, duration: .microseconds(300), receivedBytes: 10, sentBytes: 20)
    metrics.callFinished(
      path: "/a/B", code: .notFound, duration: .seconds(90), receivedBytes: 1, sentBytes: 2)
    metrics.callFinished(
      path: "/made/Up", code: .unimplemented, duration: .zero, receivedBytes: 0, sentBytes: 0)
    var text = MetricsText()
    CallMetrics.write([metrics], to: &text)
    let lines = Set(text.text.split(separator: "\n").map(String.init))
    let labels = #"listener="people",method="/a/B""#
    for line in [
      "# TYPE lockbox_rpc_seconds histogram",
      "lockbox_rpc_started_total{\(labels)} 1",
      #"lockbox_rpc_finished_total{\#(labels),code="OK"} 1"#,
      #"lockbox_rpc_finished_total{\#(labels),code="NOT_FOUND"} 1"#,
      #"lockbox_rpc_finished_total{listener="people",method="unknown",code="UNIMPLEMENTED"} 1"#,
      #"lockbox_rpc_seconds_bucket{\#(labels),le="0.00025"} 0"#,
      #"lockbox_rpc_seconds_bucket{\#(labels),le="0.0005"} 1"#,
      #"lockbox_rpc_seconds_bucket{\#(labels),le="60.0"} 1"#,
      #"lockbox_rpc_seconds_bucket{\#(labels),le="+Inf"} 2"#,
      "lockbox_rpc_seconds_count{\(labels)} 2",
      "lockbox_rpc_sent_bytes_total{\(labels)} 22",
      #"lockbox_connections_open{listener="people"} 1"#,
    ] { #expect(lines.contains(line), "\(line)") }
    // What callers make up makes no series, what was never called neither.
    #expect(!text.text.contains("Up") && !text.text.contains("/a/C"))
  }

  @Test("label values cannot break a line")
  func escaping() {
    var text = MetricsText()
    text.sample("x", [("a", "q\"\\\n")], 1)
    #expect(text.text == "x{a=\"q\\\"\\\\\\n\"} 1\n")
  }

  @Test("only GET of the metrics and of public documents is answered, over loopback HTTP")
  func endpoint() async throws {
    let registry = MetricsRegistry()
    registry.add { $0.sample("lockbox_test", 7) }
    let server = try await MetricsServer.start(
      on: Address(host: "127.0.0.1", port: 0), registry)
    let address = try #require(server.address)
    let good = try await request("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", to: address)
    #expect(good.hasPrefix("HTTP/1.1 200 OK\r\n") && good.hasSuffix("\r\n\r\nlockbox_test 7\n"))
    for bad in ["GET / HTTP/1.1\r\n\r\n", "POST /metrics HTTP/1.1\r\n\r\n", "x\r\n\r\n"] {
      #expect(try await request(bad, to: address).hasPrefix("HTTP/1.1 404 "))
    }
    registry.serve("/doc.json", .init(mediaType: "application/json") { "{}" })
    let document = try await request("GET /doc.json HTTP/1.1\r\n\r\n", to: address)
    #expect(document.contains("Content-Type: application/json\r\n"))
    #expect(document.hasPrefix("HTTP/1.1 200 OK\r\n") && document.hasSuffix("\r\n\r\n{}"))
    let long = String(repeating: "x", count: 10_000)
    #expect(try await request(long, to: address).hasPrefix("HTTP/1.1 431 "))
    await server.close()
  }

  /// Sends a text and returns everything that comes until the other side closes. On a busy machine
  /// the other side may lose its patience before the text is sent: then once more.
  private func request(_ text: String, to address: Address) async throws -> String {
    for _ in 0..<10 {
      do {
        return try await attempt(text, to: address)
      } catch ChannelError.ioOnClosedChannel {}
    }
    return try await attempt(text, to: address)
  }

  private func attempt(_ text: String, to address: Address) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: address.host, port: address.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: text))
      var answer = ""
      for try await part in inbound { answer += String(buffer: part) }
      return answer
    }
  }
}
