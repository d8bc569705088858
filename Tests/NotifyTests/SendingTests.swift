internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Notify

@Suite struct SendingTests {
  private static let lane = Lane.mail("a@acme.test")

  private static func states(
    _ bench: StoreBench<any NotifyStore>
  ) async throws -> [StoredNotice.State] {
    try await bench.store.read { reader in
      try reader.notices(NoticeQuery(owner: Samples.acme), limit: 1_000).reversed().map(\.state)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `What is accepted is told of in the feed, once`(_ kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let sender = FakeSender()
      let ids = try await bench.store.add(["a@acme.test", "b@acme.test", "a@acme.test"])
      try await Desk(bench.store, bench.clock, sender).run()
      #expect(sender.notices(on: Self.lane) == [ids[0], ids[2]])
      #expect(try await Self.states(bench).allSatisfy { $0 == .delivered })
      let told = try await bench.events().compactMap { event -> String? in
        guard case .noticeDelivered(let it) = event.payload else { return nil }
        #expect(event.tenantID == "acme" && event.requestID == Samples.request.description)
        #expect(it.attempts == 1 && !it.repeated && it.messageID.hasSuffix("@lockbox.test"))
        return it.notice?.noticeID
      }
      #expect(told.sorted() == ids.map(\.description).sorted())
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `What is refused is a dead letter, and the next one goes on`(_ kind: StoreKind)
    async throws
  {
    try await kind.withStore { bench in
      let ids = try await bench.store.add(["a@acme.test", "a@acme.test"])
      let sender = FakeSender { claim, _ in
        claim.notices[0].id == ids[0] ? .refused("550 no such user") : .accepted
      }
      try await Desk(bench.store, bench.clock, sender).run()
      #expect(sender.notices(on: Self.lane) == [ids[1]])
      #expect(try await bench.store.read { try $0.deadLetterCount(of: Self.lane) } == 1)
      let event = try #require(try await bench.events().first)
      guard case .noticeGivenUp(let it) = event.payload else {
        return #expect(Bool(false), "\(event)")
      }
      #expect(it.lastFailure == "550 no such user" && it.notice?.noticeID == ids[0].description)
    }
  }

  @Test func `A failure is tried again later and later, and the ones behind wait`() async throws {
    try await StoreKind.memory.withStore { bench in
      let ids = try await bench.store.add(["a@acme.test", "a@acme.test"])
      let sender = FakeSender { _, attempt in
        attempt <= 4 ? .deferred("451 later") : .accepted
      }
      let desk = Desk(bench.store, bench.clock, sender)
      try await desk.run()
      #expect(sender.notices(on: Self.lane) == ids)
      let passed = bench.clock.now() - Samples.now
      #expect(passed > .seconds(2 * 12) && passed < .seconds(2 * 19), "1 + 2 + 4 + 8 s each")
    }
  }

  @Test func `After 72 hours it is given up, with all of its age`() async throws {
    try await StoreKind.memory.withStore { bench in
      let old = try await bench.store.add(["a@acme.test", "a@acme.test", "a@acme.test"])
      let sender = FakeSender { claim, _ in
        old.contains(claim.notices[0].id) ? .deferred("down") : .accepted
      }
      let desk = Desk(bench.store, bench.clock, sender)
      try await desk.run(until: Samples.now + .hours(71))
      #expect(try await Self.states(bench) == [.waiting, .waiting, .waiting])
      let fresh = try await bench.store.add(["a@acme.test"], at: bench.clock.now())
      try await desk.run()
      #expect(try await Self.states(bench) == [.givenUp, .givenUp, .givenUp, .delivered])
      #expect(sender.notices(on: Self.lane) == fresh)
    }
  }

  @Test func `A receiver may ask for patience, within reason`() async throws {
    try await StoreKind.memory.withStore { bench in
      try await bench.store.add(["a@acme.test"])
      let sender = FakeSender { _, attempt in
        attempt == 1 ? .deferred("429", retryAfter: .seconds(600)) : .accepted
      }
      try await Desk(bench.store, bench.clock, sender).run()
      #expect(bench.clock.now() == Samples.now + .seconds(600))
    }
  }

  @Test func `What may have arrived goes again as it was, and says so`() async throws {
    try await StoreKind.memory.withStore { bench in
      let ids = try await bench.store.add(["a@acme.test", "a@acme.test"])
      let sender = FakeSender { claim, attempt in
        claim.notices[0].id == ids[0] && attempt == 1 ? .unknown("timed out") : .accepted
      }
      try await Desk(bench.store, bench.clock, sender).run()
      #expect(
        sender.received.map { [$0.carrier] } == [[ids[0]], [ids[0]], [ids[1]]])
      #expect(sender.received.map(\.isRepeated) == [false, true, false])
      let repeats = try await bench.events().compactMap { event -> Bool? in
        guard case .noticeDelivered(let it) = event.payload else { return nil }
        return it.repeated
      }
      #expect(repeats == [true, false])
    }
  }

  @Test func `Notices of a digest leave together, and as they were when cut short`() async throws {
    try await StoreKind.memory.withStore { bench in
      let hour = Samples.now + .hours(1)
      let first = try await bench.store.add(
        ["a@acme.test", "a@acme.test"], isDigest: true, notBefore: hour)
      let urgent = try await bench.store.add(["a@acme.test"])
      let sender = FakeSender { claim, attempt in
        claim.notices.count == 2 && attempt == 1 ? .unknown("cut") : .accepted
      }
      let desk = Desk(bench.store, bench.clock, sender)
      try await desk.run(until: hour)
      #expect(sender.notices(on: Self.lane) == urgent + first)
      try await bench.store.add(["a@acme.test"], isDigest: true, notBefore: hour)
      try await desk.run()
      let digests = sender.received.filter { $0.carrier == first[0] }
      #expect(digests.map(\.notices) == [first, first])
      #expect(digests.map(\.isRepeated) == [false, true])
      #expect(sender.received.count == 4)
    }
  }

  @Test func `What has no point any more is dropped, and told of`() async throws {
    try await StoreKind.memory.withStore { bench in
      let cases: [(RequestProgress, String)] = [
        (RequestProgress(after: .accessRequestDenied(.init())), "REQUEST_CLOSED"),
        (RequestProgress(after: Samples.stageOpened(.customer, stage: 2)), "STAGE_OVER"),
      ]
      let sender = FakeSender()
      for (progress, reason) in cases {
        let stored = try Samples.stored(progress)
        try await bench.store.write { try $0.set(stored) }
        try await bench.store.add(["a@acme.test"], kind: .approvalNeeded)
        try await Desk(bench.store, bench.clock, sender).run()
        guard case .noticeDropped(let it) = try await bench.events().last?.payload else {
          return #expect(Bool(false))
        }
        #expect(it.reason == reason)
      }
      let open = try Samples.stored(
        RequestProgress(after: Samples.stageOpened(.customer, stage: 1)))
      try await bench.store.write { try $0.set(open) }
      let sent = try await bench.store.add(["a@acme.test"], kind: .approvalNeeded)
      try await Desk(bench.store, bench.clock, sender).run()
      bench.clock.advance(by: .hours(13))
      try await bench.store.add(["a@acme.test"], kind: .approvalNeeded)
      try await Desk(bench.store, bench.clock, sender).run()
      #expect(sender.notices(on: Self.lane) == sent)
      guard case .noticeDropped(let it) = try await bench.events().last?.payload else {
        return #expect(Bool(false))
      }
      #expect(it.reason == "TOO_LATE")
    }
  }

  @Test func `A reminder that would come after the last one is dropped`() throws {
    var draft = Samples.draft("a@acme.test", .reminder, event: .make(at: Samples.now))
    draft.stage = 1
    draft.pointless = Samples.now + .hours(6)
    let open = try Samples.stored(
      RequestProgress(after: Samples.stageOpened(.customer, stage: 1)))
    let notice = StoredNotice(draft, id: .make(at: Samples.now), created: Samples.now)
    #expect(notice.pointless(open, now: Samples.now + .hours(4)) == nil)
    #expect(notice.pointless(open, now: Samples.now + .minutes(289)) == .superseded)
    #expect(notice.pointless(open, now: Samples.now + .hours(6)) == .tooLate)
  }

  @Test func `A channel that is gone is left alone until somebody mends it`() async throws {
    try await StoreKind.memory.withStore { bench in
      let channel = Samples.channel()
      let event = Samples.event(.accessRequestApproved(.init(grant: Samples.grant())))
      let id = EventID(event.eventID)!
      let bytes = try event.serialized()
      var draft = Samples.draft("", event: id)
      draft.lane = .channel(channel.id)
      let notice = StoredNotice(draft, id: .make(at: Samples.now), created: Samples.now)
      try await bench.store.write { transaction in
        try transaction.set(channel)
        try transaction.keep(event: id, bytes)
        try transaction.add(notice)
      }
      let sender = FakeSender { _, attempt in attempt == 1 ? .gone : .accepted }
      let desk = Desk(bench.store, bench.clock, sender)
      try await desk.run()
      #expect(sender.attempts == 1)
      guard case .channelDisabled(let it) = try await bench.events().last?.payload else {
        return #expect(Bool(false))
      }
      #expect(it.channelID == channel.id.description)
      try await bench.store.write { try $0.setDisabled(false, channel.id) }
      try await desk.run()
      #expect(sender.notices(on: .channel(channel.id)) == [notice.id])
    }
  }

  @Test func `One recipient gets so many mails in a minute`() async throws {
    try await StoreKind.memory.withStore { bench in
      try await bench.store.add(Array(repeating: "a@acme.test", count: 30))
      let sender = FakeSender()
      try await Desk(
        bench.store, bench.clock, sender, rate: .init(burst: 10, perMinute: 60)
      ).run()
      #expect(sender.received.count == 30)
      let passed = bench.clock.now() - Samples.now
      #expect(passed >= .seconds(19) && passed <= .seconds(21), "\(passed)")
    }
  }
}
