internal import RPC
internal import Testing

@Suite("Targets")
struct RPCTargetTests {
  @Test(
    "host and port are read",
    arguments: [
      ("localhost:7443", "localhost", 7443), ("127.0.0.1:1", "127.0.0.1", 1),
      ("[::1]:65535", "::1", 65_535), ("intake.example.org:443", "intake.example.org", 443),
    ])
  func reads(text: String, host: String, port: Int) throws {
    let target = try #require(RPCTarget(text))
    #expect(target.host == host && target.port == port)
    #expect(target.authority == text && target.description == text)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", ":1", "host", "host:", "host:0", "host:65536", "host:-1", "::1:7443", "a b:1",
      "https://host:1", "[]:1",
    ])
  func refuses(text: String) {
    #expect(RPCTarget(text) == nil)
  }

  @Test("a name is told with the address")
  func named() {
    #expect(RPCTarget("[::1]:7443", name: "approvals")?.description == "approvals at [::1]:7443")
  }
}
