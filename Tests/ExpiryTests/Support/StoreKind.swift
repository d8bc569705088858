internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Expiry

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
    let store: any ExpiryStore
    let clock: FakeClock
    let feed: @Sendable () async throws -> [[UInt8]]

    /// The requests whose deadlines the feed says have fired, each at the sequence that it names.
    func firings() async throws -> [RequestID] {
      let events = try await feed().map { try EventV1.Event(serialized: $0) }
      #expect(events.map(\.sequence) == (0..<UInt64(events.count)).map { $0 + 1 })
      return events.compactMap { RequestID($0.requestID) }
    }

    func set(_ deadlines: Deadline...) async throws {
      try await store.write { transaction in
        for deadline in deadlines { try transaction.set(deadline) }
      }
    }
  }

  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (Bench) async throws -> Void) async throws {
    let clock = FakeClock()
    switch self {
    case .memory:
      let store = MemoryExpiryStore(clock: clock)
      try await body(Bench(store: store, clock: clock, feed: { store.feed }))
    case .sqlite:
      let folder = TemporaryDirectory()
      let store = try SQLiteExpiryStore(path: folder.file("expiry.db"), clock: clock) {
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
