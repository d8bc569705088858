internal import Domain
internal import LockboxProto
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Notify

/// A process that ends without a word, at each of its steps.
@Suite struct CrashTests {
  struct Crash: Error {}

  /// Counts the steps of a process, and ends it at one of them.
  final class Fuse: Sendable {
    private let left: Mutex<Int>

    init(_ steps: Int) { left = Mutex(steps) }

    func step() throws {
      let isOver = left.withLock { left in
        left -= 1
        return left < 0
      }
      if isOver { throw Crash() }
    }
  }

  /// A disk that outlives the process: what was written before it ended is there.
  struct FusedStore: NotifyStore {
    let disk: any NotifyStore
    let fuse: Fuse

    func write<Value: Sendable>(
      _ body: @escaping @Sendable (any NotifyTransaction) throws -> Value
    ) async throws -> Value {
      try fuse.step()
      let value = try await disk.write(body)
      try fuse.step()
      return value
    }

    func read<Value: Sendable>(
      _ body: @escaping @Sendable (any NotifyReader) throws -> Value
    ) async throws -> Value {
      try fuse.step()
      return try await disk.read(body)
    }
  }

  /// A receiver that outlives the process. What it took over before the process ended, it has.
  struct FusedSender: NoticeSender {
    let receiver: FakeSender
    let fuse: Fuse
    /// The process has ended: nothing that it would still do is done.
    let dead: FusedFlag

    func send(_ claim: Claim, at now: Timestamp) async -> SendingResult {
      guard (try? fuse.step()) != nil else { return dead.die() }
      let result = await receiver.send(claim, at: now)
      guard (try? fuse.step()) != nil else { return dead.die() }
      return result
    }
  }

  final class FusedFlag: Sendable {
    func die() -> SendingResult { SendingResult(outcome: .deferred("the process has ended")) }
  }

  @Test(arguments: StoreKind.allCases)
  func `Wherever it ends, nothing is lost, and one notice at most comes twice and says so`(
    _ kind: StoreKind
  ) async throws {
    var steps = 0
    var isThrough = false
    var repeats = 0
    while !isThrough {
      try await kind.withStore { bench in
        let ids = try await bench.store.add(Array(repeating: "a@acme.test", count: 3))
        let receiver = FakeSender()
        let fuse = Fuse(steps)
        let desk = Desk(
          FusedStore(disk: bench.store, fuse: fuse), bench.clock,
          FusedSender(receiver: receiver, fuse: fuse, dead: FusedFlag()))
        do {
          try await desk.run()
          isThrough = true
        } catch is Crash {}
        try await Desk(bench.store, bench.clock, receiver).run()
        let received = receiver.received
        #expect(Set(received.flatMap(\.notices)) == Set(ids), "after \(steps) steps")
        var seen: [NoticeID] = []
        for message in received {
          if seen.contains(message.carrier) {
            #expect(message.isRepeated, "after \(steps) steps")
            repeats += 1
          } else {
            seen.append(message.carrier)
          }
        }
        #expect(received.count <= ids.count + 1, "after \(steps) steps")
        #expect(seen == ids, "in their order, after \(steps) steps")
        let delivered = try await bench.events().count {
          $0.payload?.fieldName == "notice_delivered"
        }
        #expect(delivered == 3, "after \(steps) steps")
      }
      // Each step in memory; on the disk, where each costs a file, some.
      steps += kind == .memory ? 1 : 5
    }
    #expect(steps > 15 && (repeats >= 3 || kind == .sqlite), "\(steps) steps, \(repeats) repeats")
  }
}
