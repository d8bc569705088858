internal import Domain
internal import Synchronization

@testable internal import Export

/// The fake of the store: all in memory, one transaction at a time.
final class MemoryDeliveryStore: DeliveryStore {
  struct State: Sendable {
    var destinations: [DestinationID: Destination] = [:]
    var keys: [DestinationID: [StoredKey]] = [:]
    var progress: [DestinationID: DeliveryProgress] = [:]
    var letters: [DestinationID: [UInt64: StoredDeadLetter]] = [:]
    var entries: [String: [LoggedEntry]] = [:]
    var events: [[UInt8]] = []
  }

  let state = Mutex(State())
  private let clock: any WallClock

  init(clock: any WallClock) {
    self.clock = clock
  }

  func writeDeliveries<Value: Sendable>(
    _ body: @escaping @Sendable (any DeliveryTransaction) throws -> Value
  ) async throws -> Value {
    let now = clock.now()
    return try state.withLock { state in
      let transaction = MemoryDeliveryTransaction(state, now: now)
      let value = try body(transaction)
      state = transaction.state
      return value
    }
  }

  func readDeliveries<Value: Sendable>(
    _ body: @escaping @Sendable (any DeliveryReader) throws -> Value
  ) async throws -> Value {
    try body(MemoryDeliveryTransaction(state.withLock { $0 }, now: clock.now()))
  }

  /// Adds entries at a log's end.
  func log(_ events: [[UInt8]], of tenant: TenantID?) {
    state.withLock { state in
      for event in events {
        let index = state.entries[tenant?.text ?? "", default: []].last.map { $0.index + 1 } ?? 0
        state.entries[tenant?.text ?? "", default: []].append(.init(index: index, event: event))
      }
    }
  }
}

private final class MemoryDeliveryTransaction: DeliveryTransaction {
  var state: MemoryDeliveryStore.State
  let now: Timestamp

  init(_ state: MemoryDeliveryStore.State, now: Timestamp) {
    self.state = state
    self.now = now
  }

  func destination(_ id: DestinationID) throws -> Destination? { state.destinations[id] }
  func destinations(
    of tenant: TenantID?, after id: DestinationID?, limit: Int
  ) throws -> [Destination] {
    let found = try allDestinations().filter { destination in
      destination.tenant == tenant && id.map { destination.id > $0 } ?? true
    }
    return Array(found.prefix(limit))
  }
  func allDestinations() throws -> [Destination] {
    state.destinations.values.sorted { $0.id < $1.id }
  }
  func keys(of id: DestinationID) throws -> [StoredKey] { state.keys[id] ?? [] }
  func progress(of id: DestinationID) throws -> DeliveryProgress? { state.progress[id] }
  func deadLetters(
    of id: DestinationID, from index: UInt64, limit: Int
  ) throws -> [StoredDeadLetter] {
    let letters = (state.letters[id] ?? [:]).values.sorted { $0.index < $1.index }
    return Array(letters.drop { $0.index < index }.prefix(limit))
  }
  func deadLettersToRetry(of id: DestinationID, limit: Int) throws -> [StoredDeadLetter] {
    Array(try deadLetters(of: id, from: 0, limit: .max).filter(\.isRetrying).prefix(limit))
  }
  func deadLetterCount(of id: DestinationID) throws -> UInt64 {
    UInt64(state.letters[id]?.count ?? 0)
  }

  func entries(
    of tenant: TenantID?, from index: UInt64, limit: Int, maximumBytes: Int
  ) throws -> [LoggedEntry] {
    var entries: [LoggedEntry] = []
    var bytes = 0
    for entry in log(tenant).drop(while: { $0.index < index }).prefix(limit) {
      bytes += entry.event.count
      if !entries.isEmpty && bytes > maximumBytes { break }
      entries.append(entry)
    }
    return entries
  }
  func size(of tenant: TenantID?) throws -> UInt64 { log(tenant).last.map { $0.index + 1 } ?? 0 }
  func firstIndex(of tenant: TenantID?) throws -> UInt64 { log(tenant).first?.index ?? 0 }
  private func log(_ tenant: TenantID?) -> [LoggedEntry] { state.entries[tenant?.text ?? ""] ?? [] }

  func set(_ destination: Destination) throws {
    state.destinations[destination.id] = destination
    if state.progress[destination.id] == nil {
      state.progress[destination.id] = DeliveryProgress(next: 0)
    }
  }
  func setKeys(_ keys: [StoredKey], of id: DestinationID) throws { state.keys[id] = keys }
  func setProgress(_ progress: DeliveryProgress, of id: DestinationID) throws {
    if state.destinations[id] != nil { state.progress[id] = progress }
  }
  func remove(_ id: DestinationID) throws {
    state.destinations[id] = nil
    state.keys[id] = nil
    state.progress[id] = nil
    state.letters[id] = nil
  }
  func set(_ deadLetter: StoredDeadLetter, of id: DestinationID) throws {
    state.letters[id, default: [:]][deadLetter.index] = deadLetter
  }
  func removeDeadLetter(_ index: UInt64, of id: DestinationID) throws {
    state.letters[id]?[index] = nil
  }
  func retryDeadLetters(_ indexes: [UInt64]?, of id: DestinationID) throws -> RetriedLetters {
    for letter in (state.letters[id] ?? [:]).values
    where indexes?.contains(letter.index) ?? true {
      state.letters[id]?[letter.index] = StoredDeadLetter(
        index: letter.index, event: letter.event, givenUp: letter.givenUp,
        attempts: letter.attempts, lastFailure: letter.lastFailure, isRetrying: true)
    }
    let marked = try deadLettersToRetry(of: id, limit: .max)
    return RetriedLetters(
      count: UInt64(marked.count), first: marked.first?.index ?? 0, last: marked.last?.index ?? 0)
  }
  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    state.events.append(try event(UInt64(state.events.count) + 1))
  }
}
