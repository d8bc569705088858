internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Notify

@Suite struct DispatcherTests {
  /// Opens once, for all who wait.
  private actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async {
      if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
      isOpen = true
      for continuation in waiting { continuation.resume() }
      waiting = []
    }
  }

  @Test func `Channels that hang hold up no mail, and what is under way ends before the service`()
    async throws
  {
    try await StoreKind.memory.withStore { bench in
      let gate = Gate()
      let sender = FakeSender { claim, _ in
        if case .channel = claim.lane { await gate.pass() }
        return .accepted
      }
      let event = Samples.event(.accessRequestApproved(.init(grant: Samples.grant())))
      let bytes = try event.serialized()
      let id = EventID(event.eventID)!
      let channels = (0..<5).map { Samples.channel("c\($0)") }
      try await bench.store.write { transaction in
        try transaction.keep(event: id, bytes)
        for channel in channels {
          try transaction.set(channel)
          var draft = Samples.draft("", event: id)
          draft.lane = .channel(channel.id)
          try transaction.add(
            StoredNotice(draft, id: .make(at: Samples.now), created: Samples.now))
        }
      }
      try await bench.store.add((0..<10).map { "r\($0)@acme.test" })
      let desk = Desk(bench.store, bench.clock, sender)
      let dispatcher = Dispatcher(worker: desk.worker, concurrency: 2)
      let running = Task { try await dispatcher.run() }
      #expect(await eventually(within: .seconds(120)) { sender.accepted == 10 })
      #expect(sender.mostAtOnce <= 4)
      running.cancel()
      await gate.open()
      _ = try? await running.value
      #expect(sender.accepted == 12, "two channels were under way, and no other began")
      let totals = try await bench.store.read { try $0.totals() }
      #expect(totals.waiting == 3, "what ended is known to have ended")
    }
  }
}
