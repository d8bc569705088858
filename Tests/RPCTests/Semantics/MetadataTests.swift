internal import RPC
internal import Testing

@Suite("Metadata")
struct MetadataTests {
  @Test("names are the same in any case, and order is kept")
  func names() {
    var metadata: Metadata = ["X-Request": "1", "other": "2"]
    metadata.add("3", for: "x-REQUEST")
    #expect(metadata["x-request"] == "1")
    #expect(metadata.all("X-Request") == ["1", "3"])
    #expect(metadata.map(\.name) == ["x-request", "other", "x-request"])
    metadata["X-REQUEST"] = "4"
    #expect(metadata.all("x-request") == ["4"])
    metadata["other"] = nil
    #expect(metadata.count == 1)
  }

  @Test("bytes and text under one name do not mix")
  func binary() {
    var metadata = Metadata()
    metadata.add([0xab, 0xab, 0xab], for: "Trace-Bin")
    #expect(metadata.bytes("trace-bin") == [0xab, 0xab, 0xab])
    #expect(metadata["trace-bin"] == nil)
    #expect(metadata.first?.value.wire == "q6ur")
    #expect(metadata.problem == nil)
  }

  @Test(
    "a -bin field is base64, padded or not, and may hold several values",
    arguments: [
      ("q6ur", [[0xab, 0xab, 0xab]]), ("qw==", [[0xab]]), ("qw", [[0xab]]), ("", [[]]),
      ("qw,q6s=", [[0xab], [0xab, 0xab]]), ("q", nil), ("q*==", nil), ("qw,?", nil),
    ] as [(String, [[UInt8]]?)])
  func wire(text: String, expected: [[UInt8]]?) {
    var metadata = Metadata()
    let taken = Array(text.utf8).withUnsafeBytes { metadata.addWire(name: "a-bin", value: $0) }
    #expect(taken == (expected != nil))
    let values = metadata.map { field -> [UInt8]? in
      if case .binary(let bytes) = field.value { bytes } else { nil }
    }
    #expect(values == expected ?? [])
  }

  @Test(
    "what HTTP/2 or gRPC would not carry is named before it is sent",
    arguments: [
      ("authorization", "Bearer a.b-c", nil), ("x", "", nil), ("a_b.c-d9", "~ !", nil),
      ("authorization", "Bearer a\n", "line break"), ("x", " a", "space"), ("x", "a ", "space"),
      ("x", "ä", "printable ASCII"), ("x-bin", "abc", "takes bytes"), ("a b", "c", "letters"),
      ("", "c", "letters"), ("grpc-timeout", "1S", "reserved"), ("TE", "trailers", "reserved"),
      ("content-type", "x", "reserved"), (":path", "/", "letters"),
    ] as [(String, String, String?)])
  func problems(name: String, value: String, expected: String?) throws {
    let problem = ([name: value] as Metadata).problem
    if let expected {
      #expect(try #require(problem).contains(expected))
    } else {
      #expect(problem == nil)
    }
  }

  @Test("a problem never shows the value, which may be a secret")
  func secret() throws {
    let problem = try #require((["authorization": "Bearer s3cr3t\n"] as Metadata).problem)
    #expect(!problem.contains("s3cr3t"))
  }
}
