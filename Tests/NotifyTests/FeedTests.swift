internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Notify

/// What the two feeds leave in the store.
@Suite struct FeedTests {
  private static let applier = FeedApplier(provider: Samples.provider, retention: .hours(24))

  private static func received(_ mail: String = "erin@provider.test") throws -> EventV1.Event {
    Samples.event(
      .accessRequestReceived(
        .init(accessRequest: try Samples.accessRequest.serialized(), engineerMail: mail)),
      feed: "intake")
  }

  private static func apply(
    _ event: EventV1.Event, to bench: StoreBench<any NotifyStore>
  ) async throws -> Set<Lane> {
    let bytes = try event.serialized()
    return try await bench.store.write { transaction in
      guard event.feed == "approvals" else {
        try applier.applyIntake(event, in: transaction)
        return []
      }
      return try applier.applyApprovals(event, bytes, in: transaction)
    }
  }

  private static func begin(_ bench: StoreBench<any NotifyStore>) async throws {
    try await bench.store.write { transaction in
      try transaction.begin(at: Samples.now - .hours(1))
      try transaction.set(Samples.settings(), of: Samples.acme)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `A request's events become its progress and notices`(_ kind: StoreKind) async throws {
    try await kind.withStore { bench in
      try await Self.begin(bench)
      #expect(try await Self.apply(try Self.received(), to: bench).isEmpty)
      let opened = try await Self.apply(
        Samples.event(Samples.stageOpened(.customer, stage: 1)), to: bench)
      #expect(opened == [.mail("it@acme.test"), .mail("erin@provider.test")])
      let denied = Samples.event(.accessRequestDenied(.init(stage: 1)))
      _ = try await Self.apply(denied, to: bench)
      try await bench.store.read { (reader: any NotifyReader) throws in
        let request = try #require(try reader.request(Samples.request))
        #expect(request.progress.phase == .denied && request.progress.isKnownToCustomer)
        #expect(request.engineerMail == "erin@provider.test")
        let waiting = try reader.dueNotices(
          of: .mail("it@acme.test"), by: Samples.now, limit: 9)
        #expect(waiting.map(\.draft.kind) == [.approvalNeeded, .denied])
        #expect(try reader.event(EventID(denied.eventID)!) == (try denied.serialized()))
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `An event of approvals waits for intake's of its request, unless that is forgotten`(
    _ kind: StoreKind
  ) async throws {
    try await kind.withStore { bench in
      try await Self.begin(bench)
      let id = RequestID.make(at: bench.clock.now())
      let event = Samples.event(Samples.stageOpened(.customer), of: id)
      await #expect(throws: UnknownRequest(id: id)) { try await Self.apply(event, to: bench) }
      bench.clock.advance(by: .hours(25))
      #expect(try await Self.apply(event, to: bench).isEmpty)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `Nobody is told of what happened before notify began`(_ kind: StoreKind) async throws {
    try await kind.withStore { bench in
      try await Self.begin(bench)
      _ = try await Self.apply(try Self.received(), to: bench)
      let before = Samples.event(
        Samples.stageOpened(.customer, stage: 1), at: Samples.now - .hours(2))
      #expect(try await Self.apply(before, to: bench).isEmpty)
      try await bench.store.read { (reader: any NotifyReader) throws in
        #expect(try reader.request(Samples.request)?.progress.phase == .awaitingCustomer)
        #expect(try reader.waitingLanes() == [])
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `Settings are those of before the next event, whom they drop is told`(_ kind: StoreKind)
    async throws
  {
    try await kind.withStore { bench in
      try await Self.begin(bench)
      let settings = Samples.settings(contacts: ["new@acme.test"], isOn: false)
      let lanes = try await Self.apply(
        Samples.event(.tenantApplied(.init(settings: settings, version: 2)), of: nil), to: bench)
      #expect(lanes == [.mail("new@acme.test"), .mail("it@acme.test")])
      let next = try await Self.apply(
        Samples.event(.approverKeyRegistered(.init()), of: nil), to: bench)
      #expect(next == [.mail("new@acme.test")])
    }
  }
}
