internal import Domain
internal import ServiceKit
internal import Storage
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Export

/// What every store of deliveries does.
@Suite struct DeliveryStoreTests {
  enum Kind: CaseIterable, Sendable { case memory, sqlite }

  /// A store with five entries of acme's log, of which the first two are dropped.
  private struct World {
    let directory = TemporaryDirectory()
    let clock = FakeClock()
    let store: any DeliveryStore
    let close: @Sendable () async -> Void

    init(_ kind: Kind) async throws {
      let events = (0..<5).map { [UInt8($0), 1, 2, 3] }
      switch kind {
      case .memory:
        let memory = MemoryDeliveryStore(clock: clock)
        memory.log(events, of: .acme)
        memory.state.withLock { $0.entries["acme"]?.removeFirst(2) }
        store = memory
        close = {}
      case .sqlite:
        let sqlite = try SQLiteExportStore(
          path: directory.file("export.db"), clock: clock, onFatal: { _ in })
        try await sqlite.database.write { transaction in
          for (index, event) in events.enumerated().dropFirst(2) {
            try transaction.execute(
              "INSERT INTO entry (sequence, tenant_id, log_index, received, event) "
                + "VALUES (?, 'acme', ?, 0, ?)", index + 1, index, event)
          }
        }
        store = sqlite
        close = { await sqlite.database.close() }
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func `Destinations are listed by log, in the order of their ids`(_ kind: Kind) async throws {
    let world = try await World(kind)
    let mine = (0..<3).map { Destination.sample("d\($0)", at: world.clock.now() + .seconds($0)) }
    let other = Destination.sample("other", tenant: nil, at: world.clock.now())
    try await world.store.writeDeliveries { transaction in
      for destination in mine.reversed() + [other] { try transaction.set(destination) }
    }
    try await world.store.readDeliveries { (reader: any DeliveryReader) throws in
      let first = try reader.destinations(of: .acme, after: nil, limit: 2)
      let second = try reader.destinations(of: .acme, after: mine[1].id, limit: 2)
      #expect(first == Array(mine[..<2]) && second == [mine[2]])
      #expect(try reader.destinations(of: nil, after: nil, limit: 9) == [other])
      #expect(Set(try reader.allDestinations()) == Set(mine + [other]))
      #expect(try reader.destination(mine[1].id) == mine[1])
      #expect(try reader.progress(of: mine[1].id) == DeliveryProgress(next: 0))
    }
    await world.close()
  }

  @Test(arguments: Kind.allCases)
  func `Progress and keys stay through a change, and go with the destination`(
    _ kind: Kind
  ) async throws {
    let world = try await World(kind)
    let destination = Destination.sample("d", at: world.clock.now())
    var progress = DeliveryProgress(next: 17)
    progress.failures = 3
    progress.attempts = 2
    progress.notBefore = world.clock.now()
    progress.lastFailure = "no answer"
    progress.isDisabled = true
    let keys = [
      StoredKey(bytes: [1, 2], expires: nil), StoredKey(bytes: [3], expires: world.clock.now()),
    ]
    try await world.store.writeDeliveries { [progress] transaction in
      try transaction.set(destination)
      try transaction.setProgress(progress, of: destination.id)
      try transaction.setKeys([.init(bytes: [9], expires: nil)], of: destination.id)
      try transaction.setKeys(keys, of: destination.id)
      try transaction.set(destination)
      try transaction.set(.sample(4), of: destination.id)
    }
    try await world.store.readDeliveries { [progress] (reader: any DeliveryReader) throws in
      #expect(try reader.progress(of: destination.id) == progress)
      #expect(try reader.keys(of: destination.id) == keys)
    }
    try await world.store.writeDeliveries { try $0.remove(destination.id) }
    try await world.store.readDeliveries { (reader: any DeliveryReader) throws in
      #expect(try reader.destination(destination.id) == nil)
      #expect(try reader.progress(of: destination.id) == nil)
      #expect(try reader.keys(of: destination.id).isEmpty)
      #expect(try reader.deadLetterCount(of: destination.id) == 0)
    }
    await world.close()
  }

  @Test(arguments: Kind.allCases)
  func `Dead letters are listed, marked and removed`(_ kind: Kind) async throws {
    let world = try await World(kind)
    let id = DestinationID.make(at: world.clock.now())
    let marked = try await world.store.writeDeliveries { transaction in
      try transaction.set(.sample("d", id: id, at: transaction.now))
      for index: UInt64 in [9, 3, 5] { try transaction.set(.sample(index), of: id) }
      return try transaction.retryDeadLetters([9, 5, 77], of: id)
    }
    #expect(marked == RetriedLetters(count: 2, first: 5, last: 9))
    try await world.store.readDeliveries { (reader: any DeliveryReader) throws in
      #expect(try reader.deadLetters(of: id, from: 0, limit: 2).map(\.index) == [3, 5])
      #expect(try reader.deadLetters(of: id, from: 6, limit: 2).map(\.index) == [9])
      #expect(try reader.deadLettersToRetry(of: id, limit: 9).map(\.index) == [5, 9])
      #expect(try reader.deadLetterCount(of: id) == 3)
      #expect(try reader.deadLetters(of: id, from: 3, limit: 1) == [.sample(3)])
    }
    try await world.store.writeDeliveries { transaction in
      try transaction.removeDeadLetter(5, of: id)
      #expect(try transaction.retryDeadLetters(nil, of: id).count == 2)
    }
    await world.close()
  }

  @Test(arguments: Kind.allCases)
  func `Entries begin where any are left, and fit`(_ kind: Kind) async throws {
    let world = try await World(kind)
    try await world.store.readDeliveries { (reader: any DeliveryReader) throws in
      func indexes(_ from: UInt64, limit: Int = 9, bytes: Int = 99) throws -> [UInt64] {
        try reader.entries(of: .acme, from: from, limit: limit, maximumBytes: bytes).map(\.index)
      }
      #expect(try indexes(0) == [2, 3, 4])
      #expect(try indexes(3, limit: 1) == [3])
      #expect(try indexes(2, bytes: 8) == [2, 3])
      #expect(try indexes(2, bytes: 1) == [2])
      #expect(try indexes(5) == [])
      let places = [
        try reader.size(of: .acme), try reader.firstIndex(of: .acme), try reader.size(of: nil),
      ]
      #expect(places == [5, 2, 0])
    }
    await world.close()
  }

  @Test(arguments: Kind.allCases)
  func `A transaction that fails leaves nothing`(_ kind: Kind) async throws {
    let world = try await World(kind)
    let destination = Destination.sample("d", at: world.clock.now())
    await #expect(throws: CancellationError.self) {
      try await world.store.writeDeliveries { transaction in
        try transaction.set(destination)
        try transaction.append { _ in [1] }
        throw CancellationError()
      }
    }
    let found = try await world.store.readDeliveries { try $0.destination(destination.id) }
    #expect(found == nil)
    await world.close()
  }
}
