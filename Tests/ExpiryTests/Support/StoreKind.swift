internal import Domain
internal import LockboxProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Expiry

extension StoreKind {
  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (StoreBench<any ExpiryStore>) async throws -> Void) async throws {
    try await withStore(
      memory: { clock in
        let store = MemoryExpiryStore(clock: clock)
        return (store, { store.feed })
      },
      sqlite: { path, clock in
        let store = try SQLiteExpiryStore(path: path, clock: clock) {
          Issue.record("the database failed: \($0)")
        }
        return (store, store.database)
      }, body)
  }
}

extension StoreBench where Store == any ExpiryStore {
  /// The requests whose deadlines the feed says have fired.
  func firings() async throws -> [RequestID] {
    try await events().compactMap { RequestID($0.requestID) }
  }

  func set(_ deadlines: Deadline...) async throws {
    try await store.write { transaction in
      for deadline in deadlines { try transaction.set(deadline) }
    }
  }
}

extension Deadline {
  static let contoso = TenantID("contoso")!

  /// Of a request of its own.
  static func stage(_ index: Int = 0, due: Timestamp, of request: RequestID? = nil) -> Deadline {
    Deadline(
      request: request ?? .make(at: due), tenant: contoso, kind: .stage(index), due: due)
  }

  static func grant(due: Timestamp, of request: RequestID? = nil) -> Deadline {
    Deadline(
      request: request ?? .make(at: due), tenant: contoso, kind: .grant(.make(at: due)), due: due)
  }
}
