internal import RPC
internal import Testing

@Suite("traceparent")
struct TraceContextTests {
  static let example = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01"

  @Test("the example of the specification survives")
  func example() throws {
    let context = try #require(TraceContext(traceparent: Self.example))
    #expect(context.traceID == 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c)
    #expect(context.parentID == 0x00f0_67aa_0ba9_02b7)
    #expect(context.isSampled)
    #expect(context.traceparent == Self.example)
  }

  @Test(
    "later versions are read as version 00",
    arguments: [
      "01-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01-what-the-future-brings",
      "cc-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-09",
    ])
  func laterVersions(text: String) {
    #expect(TraceContext(traceparent: text)?.traceparent == Self.example)
  }

  @Test(
    "malformed values are refused",
    arguments: [
      "", "00", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
      "ff-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
      "00-0AF7651916CD43DD8448EB211C80319C-00f067aa0ba902b7-01",
      "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01-x",
      "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-0",
      "00_0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
      "01-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01.x",
    ])
  func malformed(text: String) {
    #expect(TraceContext(traceparent: text) == nil)
  }

  @Test("a child keeps the trace and has a span of its own")
  func child() {
    var random = SeededGenerator(seed: 3)
    let root = TraceContext(isSampled: false, using: &random)
    let child = root.child(using: &random)
    #expect(child.traceID == root.traceID)
    #expect(child.parentID != root.parentID)
    #expect(!child.isSampled)
    #expect(TraceContext(traceparent: child.traceparent) == child)
  }
}
