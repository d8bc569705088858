internal import Testing

@testable internal import RPC

/// h2spec's cases, all 147, in this process. 5.3.1 is of RFC 7540: RFC 9113 dropped priorities, but
/// nghttp2 still refuses what depends on itself.
@Suite struct ConformanceTests {
  @Test("the server behaves as h2spec wants", arguments: ConformanceCase.all)
  func behaves(_ test: ConformanceCase) async throws {
    let fixture = try await ServerFixture(limits: .patient) { router in
      router.unary(TestService.echo) { request, _ in request }
    }
    var run = try await ConformanceRun(fixture)
    try await run.perform(test)
    try await fixture.end()
  }

  @Test("no case of h2spec is missing, none is there twice")
  func complete() {
    let names = ConformanceCase.all.map(\.testDescription)
    #expect(Set(names).count == names.count)
    for (suite, count) in [("generic", 44), ("http2", 95), ("hpack", 8)] {
      #expect(names.count { $0.hasPrefix(suite + "/") } == count)
    }
  }
}

extension ConformanceCase {
  static let all: [ConformanceCase] =
    genericStreams + genericFrames + genericMessages + genericHPACK
    + http2Preface + http2Frames + http2Streams + http2ErrorsAndExtensions
    + http2DataAndHeaders + http2PriorityAndReset + http2Settings + http2PingAndGoAway
    + http2WindowUpdate + http2FlowControl + http2Continuation
    + http2ErrorCodes + http2Exchanges + http2PseudoHeaders + http2Malformed
    + hpack
}
