internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

/// The stores that must all behave alike.
enum StoreKind: CaseIterable, Sendable, CustomTestStringConvertible {
  case memory
  case sqlite

  var testDescription: String {
    switch self {
    case .memory: "memory"
    case .sqlite: "SQLite"
    }
  }

  /// A store with its clock and its feed.
  struct Bench: Sendable {
    let store: any ApprovalsStore
    let clock: FakeClock
    let feed: @Sendable () async throws -> [[UInt8]]

    /// The events of the feed, each at the sequence that it names itself.
    func events() async throws -> [EventV1.Event] {
      let events = try await feed().map { try EventV1.Event(serialized: $0) }
      #expect(events.map(\.sequence) == (0..<UInt64(events.count)).map { $0 + 1 })
      return events
    }
  }

  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (Bench) async throws -> Void) async throws {
    let clock = FakeClock()
    switch self {
    case .memory:
      let store = MemoryApprovalsStore(clock: clock)
      try await body(Bench(store: store, clock: clock, feed: { store.feed }))
    case .sqlite:
      let folder = TemporaryDirectory()
      let store = try SQLiteApprovalsStore(path: folder.file("approvals.db"), clock: clock) {
        Issue.record("the database failed: \($0)")
      }
      do {
        try await body(
          Bench(store: store, clock: clock) {
            try await store.database.feed.read(after: 0, limit: 10_000).map(\.event)
          })
      } catch {
        await store.database.close()
        throw error
      }
      await store.database.close()
    }
  }
}
