internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

extension StoreKind {
  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (StoreBench<any ApprovalsStore>) async throws -> Void) async throws {
    try await withStore(
      memory: { clock in
        let store = MemoryApprovalsStore(clock: clock)
        return (store, { store.feed })
      },
      sqlite: { path, clock in
        let store = try SQLiteApprovalsStore(path: path, clock: clock) {
          Issue.record("the database failed: \($0)")
        }
        return (store, store.database)
      }, body)
  }
}
