internal import Domain
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Intake

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
    let store: any IntakeStore
    let clock: FakeClock
    let feed: @Sendable () async throws -> [[UInt8]]
  }

  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (Bench) async throws -> Void) async throws {
    let clock = FakeClock()
    switch self {
    case .memory:
      let store = MemoryIntakeStore(clock: clock)
      try await body(Bench(store: store, clock: clock, feed: { store.feed }))
    case .sqlite:
      let folder = TemporaryDirectory()
      let store = try SQLiteIntakeStore(path: folder.file("intake.db"), clock: clock) {
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
