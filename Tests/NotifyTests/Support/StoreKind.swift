internal import Domain
internal import LockboxProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Notify

extension StoreKind {
  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (StoreBench<any NotifyStore>) async throws -> Void) async throws {
    try await withStore(
      memory: { clock in
        let store = MemoryNotifyStore(clock: clock)
        return (store, { store.feed })
      },
      sqlite: { path, clock in
        let store = try SQLiteNotifyStore(path: path, clock: clock) {
          Issue.record("the database failed: \($0)")
        }
        return (store, store.database)
      }, body)
  }
}
