internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@Suite("A producer that breaks the rules of feeds")
struct BadFeedTests {
  /// A record of intake's feed, or of what claims to be.
  static func record(_ sequence: UInt64, event: UInt64? = nil) throws -> FeedV1.FeedRecord {
    let draft = EventDraft(
      time: FakeClock().now(), tenant: nil, request: nil, origin: .system(),
      payload: .withdrawalReceived(.init()))
    return FeedV1.FeedRecord(
      sequence: sequence,
      event: try draft.serialized(feed: "intake", sequence: event ?? sequence))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let records: [FeedV1.FeedRecord]
    let fault: FeedFault
    let sentence: String
  }

  static func cases() throws -> [Case] {
    [
      Case(
        testDescription: "a gap", records: [try record(1), try record(3)],
        fault: .gap(.intake, expected: 2, found: 3), sentence: "goes on with 3 instead of 2"),
      Case(
        testDescription: "a repetition", records: [try record(1), try record(1)],
        fault: .gap(.intake, expected: 2, found: 1), sentence: "goes on with 1 instead of 2"),
      Case(
        testDescription: "a beginning in the middle", records: [try record(7)],
        fault: .gap(.intake, expected: 1, found: 7), sentence: "goes on with 7 instead of 1"),
      Case(
        testDescription: "an event of another place", records: [try record(1, event: 2)],
        fault: .mismatch(.intake, sequence: 1, eventFeed: "intake", eventSequence: 2),
        sentence: "says of itself that it is 2"),
      Case(
        testDescription: "bytes that are no event", records: [.init(sequence: 1, event: [0xff])],
        fault: .undecodable(.intake, sequence: 1), sentence: "cannot be decoded"),
    ]
  }

  @Test("stops its consumer with one sentence, and nothing of the batch is applied")
  func stops() async throws {
    for bad in try Self.cases() {
      let fixture = try await FeedFixture()
      let producer = try await RunningService(
        .intake, in: fixture.installation, section: NoSettings.self
      ) { _, _ in
        var parts = ServiceParts()
        parts.people = .stub(.intake)
        parts.service.serverStreaming(FeedV1.FeedService.subscribe) { _, responses, _ in
          try await responses.send(.init(records: bad.records))
          try await Task.sleep(for: .seconds(3600))
        }
        return parts
      }
      let sink = try fixture.database("sink")
      let consumer = try await fixture.consumer(sink)
      let status = fixture.status(consumer)
      #expect(
        await eventually { status.phase == .stopped(bad.fault) }, "\(bad.testDescription)")
      #expect(fixture.sequences.isEmpty)
      #expect(try await sink.read { try $0.cursor(of: "intake") } == 0)
      #expect(
        fixture.installation.log.lines.contains {
          $0.contains("feed stopped") && $0.contains(bad.sentence)
        })
      try await consumer.stop()
      try await producer.stop()
    }
  }

  @Test("a stream that fails again and again is tried again, and told of once")
  func retries() async throws {
    let fixture = try await FeedFixture()
    let producer = try await RunningService(
      .intake, in: fixture.installation, section: NoSettings.self
    ) { _, _ in
      var parts = ServiceParts()
      parts.people = .stub(.intake)
      parts.service.serverStreaming(FeedV1.FeedService.subscribe) { request, responses, _ in
        if request.afterSequence < 3 {
          let next = try Self.record(request.afterSequence + 1)
          try await responses.send(.init(records: [next]))
        }
        throw RPCError(.unavailable, "gone again")
      }
      return parts
    }
    let consumer = try await fixture.consumer(try fixture.database("sink"))
    #expect(await fixture.haveApplied(3))
    #expect(fixture.sequences == [1, 2, 3])
    try await consumer.stop()
    try await producer.stop()
  }
}
