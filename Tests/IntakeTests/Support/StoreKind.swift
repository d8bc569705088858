internal import Storage
internal import TestKit
internal import Testing

@testable internal import Intake

extension StoreKind {
  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (StoreBench<any IntakeStore>) async throws -> Void) async throws {
    try await withStore(
      memory: { clock in
        let store = MemoryIntakeStore(clock: clock)
        return (store, { store.feed })
      },
      sqlite: { path, clock in
        let store = try SQLiteIntakeStore(path: path, clock: clock) {
          Issue.record("the database failed: \($0)")
        }
        return (store, store.database)
      }, body)
  }
}
