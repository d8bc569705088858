internal import Domain
internal import LockboxProto
internal import Outbound
internal import ProtobufC
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Notify

/// What every store of notify does.
@Suite struct StoreConformanceTests {
  private static let event = EventID.make(at: Samples.now)

  private static func notice(
    _ address: String, _ seconds: Int = 0, kind: NoticeKind = .approved
  ) -> StoredNotice {
    StoredNotice(
      Samples.draft(address, kind, event: event, at: Samples.now + .seconds(seconds)),
      id: .make(at: Samples.now + .milliseconds(seconds)), created: Samples.now)
  }

  @Test(arguments: StoreKind.allCases)
  func `Everything of a notice comes back`(_ kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var notice = StoredNotice(
        NoticeDraft(
          lane: .channel(.make(at: Samples.now)), recipientName: "it", owner: Samples.acme,
          tenant: Samples.acme, request: Samples.request, event: Self.event, kind: .reminder,
          audience: .customer, language: .german, detail: .full, timeZone: "Europe/Berlin",
          stage: 2, pointless: Samples.now + .hours(1), notBefore: Samples.now, isDigest: true),
        id: .make(at: Samples.now), created: Samples.now)
      let added = notice
      notice.attempts = 3
      notice.lastFailure = "451 later"
      notice.carrier = notice.id
      notice.isRepeated = true
      let changed = notice
      var other = StoredNotice(
        NoticeDraft(
          lane: .mail("max@provider.test"), event: Self.event, kind: .test, audience: .managers,
          notBefore: Samples.now), id: .make(at: Samples.now), created: Samples.now)
      other.state = .givenUp
      other.finished = Samples.now
      let finished = other
      try await bench.store.write { transaction in
        try transaction.add(added)
        try transaction.add(finished)
      }
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.notice(added.id) == added)
        #expect(try reader.notice(finished.id) == finished)
      }
      try await bench.store.write { try $0.update(changed) }
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.notice(changed.id) == changed)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `What is due comes in order, what is under way before`(_ kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let lane = Lane.mail("a@acme.test")
      let notices = [5, 0, 9, 1].map { Self.notice("a@acme.test", $0) }
      let other = Self.notice("b@acme.test")
      try await bench.store.write { transaction in
        for notice in notices + [other] { try transaction.add(notice) }
      }
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(Set(try reader.waitingLanes()) == [lane, .mail("b@acme.test")])
        let now = Samples.now + .seconds(5)
        #expect(
          try reader.dueNotices(of: lane, by: now, limit: 9)
            == [notices[0], notices[1], notices[3]])
        #expect(
          try reader.dueNotices(of: lane, by: now, limit: 2) == [notices[0], notices[1]])
        #expect(try reader.dueNotices(of: lane, by: Samples.now - .seconds(1), limit: 9) == [])
        #expect(try reader.nextDue(of: lane) == Samples.now)
        #expect(try reader.waitingCount(of: lane) == 4)
      }
      var marked = notices[2]
      marked.carrier = marked.id
      var delivered = notices[1]
      delivered.state = .delivered
      delivered.finished = Samples.now
      var dead = other
      dead.state = .givenUp
      dead.finished = Samples.now
      try await bench.store.write { [marked, delivered, dead] transaction in
        for notice in [marked, delivered, dead] { try transaction.update(notice) }
      }
      try await bench.store.read { [marked] (reader: any NotifyReader) throws in
        #expect(try reader.dueNotices(of: lane, by: Samples.now, limit: 9) == [marked])
        #expect(try reader.waitingLanes() == [lane])
        #expect(try reader.nextDue(of: lane) == Samples.now + .seconds(1))
        #expect(try reader.nextDue(of: .mail("b@acme.test")) == nil)
        #expect(try reader.deadLetterCount(of: .mail("b@acme.test")) == 1)
        let totals = try reader.totals()
        #expect(totals.waiting == 3 && totals.deadLetters == 1)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `Notices are listed by owner, newest first`(_ kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var notices = (0..<4).map { Self.notice("a@acme.test", $0) }
      notices[1].attempts = 1
      notices[2].state = .delivered
      let foreign = StoredNotice(
        NoticeDraft(
          lane: .mail("a@acme.test"), event: Self.event, kind: .test, audience: .managers,
          notBefore: Samples.now), id: .make(at: Samples.now), created: Samples.now)
      try await bench.store.write { [notices] transaction in
        for notice in notices + [foreign] { try transaction.add(notice) }
      }
      try await bench.store.read { [notices] (reader: any NotifyReader) throws in
        func ids(_ query: NoticeQuery, _ limit: Int = 9) throws -> [NoticeID] {
          try reader.notices(query, limit: limit).map(\.id)
        }
        let mine = NoticeQuery(owner: Samples.acme)
        #expect(try ids(mine) == notices.reversed().map(\.id))
        #expect(try ids(mine, 2) == [notices[3].id, notices[2].id])
        var query = mine
        query.before = notices[2].id
        #expect(try ids(query) == [notices[1].id, notices[0].id])
        query = mine
        query.states = [.waiting]
        query.wasTried = true
        #expect(try ids(query) == [notices[1].id])
        query.wasTried = false
        #expect(try ids(query) == [notices[3].id, notices[0].id])
        query.states = [.waiting, .delivered]
        #expect(try ids(query) == [notices[3].id, notices[2].id, notices[0].id])
        query = mine
        query.request = .make(at: Samples.now)
        #expect(try ids(query) == [])
        query = mine
        query.lane = .mail("b@acme.test")
        #expect(try ids(query) == [])
        #expect(try ids(NoticeQuery(owner: nil)) == [foreign.id])
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `Requests, settings, events, lanes and cursors come back`(_ kind: StoreKind) async throws {
    try await kind.withStore { bench in
      var request = try Samples.stored()
      request.progress = RequestProgress(
        after: Samples.stageOpened(.customer, stage: 1),
        .decisionRecorded(.init(decision: .init(approver: Samples.ana, comment: "no"))),
        .breakGlassUsed(.init(reviewDueTime: .init(Samples.now))))
      let state = LaneState(failures: 2, notBefore: Samples.now, lastFailure: "down")
      let kept = request
      try await bench.store.write { transaction in
        try transaction.set(kept)
        try transaction.set(Samples.settings(), of: Samples.acme)
        try transaction.keep(event: Self.event, [1])
        try transaction.keep(event: Self.event, [2])
        try transaction.set(state, of: .mail("a@b"))
        try transaction.begin(at: Samples.now)
        try transaction.begin(at: Samples.now + .seconds(1))
        try transaction.advanceCursor(of: "intake", from: 0, to: 7)
      }
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.request(Samples.request) == kept)
        #expect(try reader.settings(of: Samples.acme) == Samples.settings())
        #expect(try reader.event(Self.event) == [1])
        #expect(try reader.state(of: .mail("a@b")) == state)
        #expect(try reader.state(of: .mail("b@b")) == LaneState())
        #expect(try reader.begun() == Samples.now)
        #expect(try reader.cursor(of: "intake") == 7)
        #expect(try reader.cursor(of: "approvals") == 0)
      }
      await #expect(throws: (any Error).self) {
        try await bench.store.write { try $0.advanceCursor(of: "intake", from: 6, to: 9) }
      }
      try await bench.store.write { try $0.set(LaneState(), of: .mail("a@b")) }
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.state(of: .mail("a@b")) == LaneState())
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `Channels keep their secrets until they go`(_ kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let first = Samples.channel("first")
      let second = Samples.channel(
        "second", .webhook(HTTPSURL("https://a.test/x?token=1")!, .shared))
      let foreign = Samples.channel("foreign", owner: nil)
      let keys = [
        ChannelKey(bytes: [1, 2], expires: nil), ChannelKey(bytes: [3], expires: Samples.now),
      ]
      let mine = [first, second].sorted { $0.id < $1.id }
      try await bench.store.write { transaction in
        for channel in [first, second, foreign] { try transaction.set(channel) }
        try transaction.setKeys(keys, of: second.id)
        try transaction.setDisabled(true, first.id)
        try transaction.set(LaneState(failures: 1), of: .channel(first.id))
      }
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.channels(of: Samples.acme, after: nil, limit: 9) == mine)
        #expect(try reader.channels(of: Samples.acme, after: mine[0].id, limit: 9) == [mine[1]])
        #expect(try reader.channels(of: nil, after: nil, limit: 9) == [foreign])
        #expect(try reader.channel(second.id) == second)
        #expect(try reader.keys(of: second.id) == keys)
        #expect(try reader.keys(of: first.id) == [])
        #expect(try reader.isDisabled(first.id))
        #expect(try !reader.isDisabled(second.id))
      }
      try await bench.store.write { transaction in
        try transaction.remove(first.id)
        try transaction.remove(second.id)
      }
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.channels(of: Samples.acme, after: nil, limit: 9) == [])
        #expect(try reader.keys(of: second.id) == [])
        #expect(try reader.state(of: .channel(first.id)) == LaneState())
        #expect(try !reader.isDisabled(first.id))
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `What is over is forgotten, what waits or may come back is not`(_ kind: StoreKind)
    async throws
  {
    try await kind.withStore { bench in
      let later = Samples.now + .hours(1)
      var over = Self.notice("a@acme.test", 0)
      over.state = .delivered
      over.finished = Samples.now
      var fresh = Self.notice("a@acme.test", 1)
      fresh.state = .dropped
      fresh.finished = later
      let waiting = Self.notice("a@acme.test", 2)
      let old = EventID.make(at: Samples.now - .hours(1))
      let closed = try Samples.stored(RequestProgress(after: .accessRequestDenied(.init())))
      let notices = [over, fresh, waiting]
      let before = Samples.now - .hours(2)
      let lonely = StoredRequest(
        id: .make(at: before), tenant: Samples.acme, accessRequest: [1], engineerMail: "",
        progress: closed.progress)
      let pending = StoredRequest(
        id: .make(at: before), tenant: Samples.acme, accessRequest: [1], engineerMail: "")
      try await bench.store.write { transaction in
        for notice in notices { try transaction.add(notice) }
        try transaction.keep(event: old, [1])
        try transaction.keep(event: Self.event, [2])
        for request in [closed, lonely, pending] { try transaction.set(request) }
      }
      let removed = try await bench.store.write {
        try $0.purge(finishedBefore: Samples.now + .seconds(1), limit: 9)
      }
      #expect(removed == 1)
      let (overID, freshID) = (over.id, fresh.id)
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.notice(overID) == nil)
        #expect(try reader.notice(freshID) != nil)
        #expect(try reader.notice(waiting.id) != nil)
        #expect(try reader.event(old) == nil)
        #expect(try reader.event(Self.event) == [2])
        #expect(try reader.request(Samples.request) != nil, "notices still tell of it")
        #expect(try reader.request(lonely.id) == nil)
        #expect(try reader.request(pending.id) != nil)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `What a body throws leaves nothing behind`(_ kind: StoreKind) async throws {
    struct Stop: Error {}
    try await kind.withStore { bench in
      await #expect(throws: Stop.self) {
        try await bench.store.write { transaction in
          try transaction.add(Self.notice("a@acme.test"))
          try transaction.tell(
            of: Self.notice("a@acme.test"), .noticeDropped(.init(reason: "X")))
          throw Stop()
        }
      }
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.waitingLanes() == [])
      }
      #expect(try await bench.events().isEmpty)
    }
  }
}
