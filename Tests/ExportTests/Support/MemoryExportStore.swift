internal import Domain
internal import Synchronization
internal import TestKit

@testable internal import Export

/// The export store in memory: each write works on a copy that takes the place of what there was.
final class MemoryExportStore: ExportStore {
  struct KeptEntry: Sendable {
    let entry: StoredEntry
    let type: ContentType?
    let received: Timestamp
  }

  struct KeptAttempt: Sendable {
    let key: Subscription.Key
    let attempt: NotificationAttempt
  }

  struct State: Sendable {
    var cursor: UInt64 = 0
    var entries: [KeptEntry] = []
    var blobs: [ContentBlob] = []
    var listedThrough: [TenantID: Timestamp] = [:]
    var droppedThrough: [TenantID: UInt64] = [:]
    var subscriptions: [Subscription.Key: Subscription] = [:]
    var attempts: [KeptAttempt] = []
    var attemptCount: Int64 = 0
    var feed: [[UInt8]] = []
    var mark = TimeMark()
  }

  private let state = Mutex(State())
  private let clock: FakeClock

  init(clock: FakeClock) { self.clock = clock }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ExportTransaction) throws -> Value
  ) async throws -> Value {
    let moment = clock.now()
    return try state.withLock { state in
      var copy = state
      let time = copy.mark.observe(moment)
      let transaction = MemoryExportTransaction(copy, now: time.now)
      let value = try body(transaction)
      state = transaction.state
      return value
    }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ExportReader) throws -> Value
  ) async throws -> Value {
    try body(MemoryExportTransaction(state.withLock { $0 }, now: .distantPast))
  }

  var feed: [[UInt8]] { state.withLock { $0.feed } }
}

final class MemoryExportTransaction: ExportTransaction {
  struct Refused: Error {}

  private(set) var state: MemoryExportStore.State
  let now: Timestamp

  init(_ state: MemoryExportStore.State, now: Timestamp) {
    self.state = state
    self.now = now
  }

  func cursor() throws -> UInt64 { state.cursor }

  func entries(
    after sequence: UInt64, limit: Int, maximumBytes: Int
  ) throws -> [StoredEntry] {
    var bytes = 0
    let rest = state.entries.map(\.entry).filter { $0.sequence > sequence }
    return rest.prefix(limit).enumerated().prefix { offset, entry in
      bytes += entry.event.count
      return offset == 0 || bytes <= maximumBytes
    }.map(\.element)
  }

  func entries(of blob: ContentBlob) throws -> [StoredEntry] {
    state.entries.filter { kept in
      kept.entry.tenant == blob.tenant && kept.type == blob.type
        && (blob.first...blob.last).contains(kept.entry.index)
    }.map(\.entry)
  }

  func blob(_ id: ContentID, of tenant: TenantID) throws -> ContentBlob? {
    state.blobs.first { $0.tenant == tenant && $0.id == id }
  }

  func droppedThrough(_ tenant: TenantID) throws -> UInt64? { state.droppedThrough[tenant] }

  func blobs(
    _ type: ContentType, of tenant: TenantID, created: Range<Timestamp>,
    after position: ContentBlob.Position?, limit: Int
  ) throws -> [ContentBlob] {
    let found = state.blobs.filter { blob in
      blob.tenant == tenant && blob.type == type && created.contains(blob.created)
        && position.map { blob.position > $0 } ?? true
    }
    return Array(found.sorted { $0.position < $1.position }.prefix(limit))
  }

  func blobs(
    _ type: ContentType, of tenant: TenantID, afterIndex index: UInt64?, limit: Int
  ) throws -> [ContentBlob] {
    let found = state.blobs.filter { blob in
      blob.tenant == tenant && blob.type == type && index.map { blob.first > $0 } ?? true
    }
    return Array(found.sorted { $0.first < $1.first }.prefix(limit))
  }

  func lastBlob(_ type: ContentType, of tenant: TenantID) throws -> ContentBlob? {
    state.blobs.filter { $0.tenant == tenant && $0.type == type }.max { $0.first < $1.first }
  }

  func subscription(_ key: Subscription.Key) throws -> Subscription? { state.subscriptions[key] }

  func subscriptions(of tenant: TenantID, client: Subject) throws -> [Subscription] {
    state.subscriptions.values.filter { $0.key.tenant == tenant && $0.key.client == client }
      .sorted { $0.key.type.number < $1.key.type.number }
  }

  func subscriptionsToTell() throws -> [Subscription] {
    try state.subscriptions.values.filter { subscription in
      guard subscription.isEnabled, let webhook = subscription.webhook, !webhook.isDisabled else {
        return false
      }
      let key = subscription.key
      return try !blobs(key.type, of: key.tenant, afterIndex: webhook.told, limit: 1).isEmpty
    }
  }

  func attempts(
    _ key: Subscription.Key, created: Range<Timestamp>, after number: Int64, limit: Int
  ) throws -> [NotificationAttempt] {
    let found = state.attempts.filter { kept in
      kept.key == key && kept.attempt.number > number && created.contains(kept.attempt.blob.created)
        && state.blobs.contains(kept.attempt.blob)
    }
    return Array(found.map(\.attempt).prefix(limit))
  }

  func add(_ entry: StoredEntry, _ type: ContentType?) throws {
    guard entry.sequence > state.entries.last?.entry.sequence ?? 0 else { throw Refused() }
    state.entries.append(.init(entry: entry, type: type, received: now))
  }

  func add(_ blob: ContentBlob) throws { state.blobs.append(blob) }

  func moveCursor(from: UInt64, to: UInt64) throws {
    guard state.cursor == from else { throw Refused() }
    state.cursor = to
  }

  func listedThrough(_ tenant: TenantID) throws -> Timestamp? { state.listedThrough[tenant] }

  func noteListed(_ tenant: TenantID, through moment: Timestamp) throws {
    state.listedThrough[tenant] = max(state.listedThrough[tenant] ?? moment, moment)
  }

  func set(_ subscription: Subscription) throws {
    state.subscriptions[subscription.key] = subscription
  }

  func add(_ attempts: [NotificationAttempt], of key: Subscription.Key) throws {
    for attempt in attempts {
      state.attemptCount += 1
      state.attempts.append(
        .init(
          key: key,
          attempt: NotificationAttempt(
            blob: attempt.blob, sent: attempt.sent, succeeded: attempt.succeeded,
            number: state.attemptCount)))
    }
  }

  func drop(receivedBefore moment: Timestamp, limit: Int) throws -> Bool {
    let oldest = state.entries.prefix(limit).prefix { $0.received < moment }
    for kept in oldest {
      if let tenant = kept.entry.tenant { state.droppedThrough[tenant] = kept.entry.index }
    }
    state.entries.removeFirst(oldest.count)
    let dropped = state.droppedThrough
    state.blobs.removeAll { blob in dropped[blob.tenant].map { blob.last <= $0 } ?? false }
    return oldest.count == limit
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    state.feed.append(try event(UInt64(state.feed.count) + 1))
  }
}
