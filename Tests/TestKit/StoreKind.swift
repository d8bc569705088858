internal import Domain
public import LockboxProto
internal import ProtobufC
public import Storage
internal import TemporaryFiles

/// The stores that must all behave alike.
public enum StoreKind: String, CaseIterable, Sendable {
  case memory
  case sqlite = "SQLite"

  /// Runs a test on an empty store and clears up after it.
  ///
  /// - Parameters:
  ///   - memory: makes the store in memory, and what its feed holds.
  ///   - sqlite: makes the store in the file that is named, and its database.
  public func withStore<Store>(
    memory: (FakeClock) -> (Store, @Sendable () -> [[UInt8]]),
    sqlite: (_ path: String, FakeClock) throws -> (Store, Database),
    _ body: (StoreBench<Store>) async throws -> Void
  ) async throws {
    let clock = FakeClock()
    switch self {
    case .memory:
      let (store, feed) = memory(clock)
      try await body(StoreBench(store: store, clock: clock) { feed() })
    case .sqlite:
      let folder = TemporaryDirectory()
      let (store, database) = try sqlite(folder.file("test.db"), clock)
      let result: Result<Void, any Error>
      do {
        result = .success(
          try await body(
            StoreBench(store: store, clock: clock) {
              try await database.feed.read(after: 0, limit: 10_000).map(\.event)
            }))
      } catch {
        result = .failure(error)
      }
      await database.close()
      withExtendedLifetime(folder) {}
      try result.get()
    }
  }
}

extension StoreKind: CustomStringConvertible {
  public var description: String { rawValue }
}

/// A store with its clock and its feed.
public struct StoreBench<Store: Sendable>: Sendable {
  public let store: Store
  public let clock: FakeClock
  public let feed: @Sendable () async throws -> [[UInt8]]

  public init(
    store: Store, clock: FakeClock, feed: @escaping @Sendable () async throws -> [[UInt8]]
  ) {
    self.store = store
    self.clock = clock
    self.feed = feed
  }

  /// The sequences that events name are not those that they stand at.
  public struct Disordered: Error {
    public let sequences: [UInt64]
  }

  /// The events of the feed.
  /// - Throws: `Disordered`.
  public func events() async throws -> [EventV1.Event] {
    let events = try await feed().map { try EventV1.Event(serialized: $0) }
    let sequences = events.map(\.sequence)
    guard sequences.elementsEqual((0..<UInt64(events.count)).lazy.map { $0 + 1 }) else {
      throw Disordered(sequences: sequences)
    }
    return events
  }
}
