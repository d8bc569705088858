internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Export

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

  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (StoreBench) async throws -> Void) async throws {
    let clock = FakeClock()
    switch self {
    case .memory:
      let store = MemoryExportStore(clock: clock)
      try await body(StoreBench(store: store, clock: clock, feed: { store.feed }))
    case .sqlite:
      let folder = TemporaryDirectory()
      let store = try SQLiteExportStore(path: folder.file("export.db"), clock: clock) {
        Issue.record("the database failed: \($0)")
      }
      do {
        try await body(
          StoreBench(store: store, clock: clock) {
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

/// A store with its clock and its feed, filled as audit's entries would fill it.
struct StoreBench: Sendable {
  let store: any ExportStore
  let clock: FakeClock
  let feed: @Sendable () async throws -> [[UInt8]]

  /// The events of the feed, each at the sequence that it names.
  func told() async throws -> [EventV1.Event] {
    let events = try await feed().map { try EventV1.Event(serialized: $0) }
    #expect(events.map(\.sequence) == (0..<UInt64(events.count)).map { $0 + 1 })
    #expect(events.allSatisfy { $0.feed == "export" })
    return events
  }

  /// Applies the next batch of a log that others write.
  func apply(_ batch: LogBatch) async throws {
    try await store.write { try $0.apply(batch) }
  }
}

/// Audit, as far as export knows it: entries of all logs in their order.
struct LogWriter: Sendable {
  typealias Payload = EventV1.Event.Payload

  private(set) var sequence: UInt64 = 0
  private var sizes: [TenantID?: UInt64] = [:]
  let clock: FakeClock

  init(clock: FakeClock) { self.clock = clock }

  /// One batch, of an event for each tenant named.
  mutating func batch(_ events: [(TenantID?, Payload)]) -> LogBatch {
    let after = sequence
    let elements = events.map { tenant, payload in
      element(tenant, payload)
    }
    return LogBatch(after: after, elements: elements)
  }

  private mutating func element(
    _ tenant: TenantID?, _ payload: EventV1.Event.Payload
  ) -> LogBatch.Element {
    let draft = EventDraft(
      time: clock.now(), tenant: tenant, request: nil, origin: .system(), payload: payload)
    sequence += 1
    let index = sizes[tenant, default: 0]
    sizes[tenant] = index + 1
    guard let bytes = try? draft.serialized(feed: "approvals", sequence: sequence),
      let element = LogBatch.Element(
        sequence: sequence, tenant: tenant, index: index, bytes: bytes)
    else { preconditionFailure("an event that cannot be written") }
    return element
  }
}

extension TenantID {
  static let contoso = TenantID("contoso")!
  static let fabrikam = TenantID("fabrikam")!
}

extension EventV1.Event.Payload {
  /// Content of Audit.General.
  static let general = EventV1.Event.Payload.withdrawalReceived(.init(comment: "changed my mind"))
  /// Content of Audit.Exchange.
  static let decision = EventV1.Event.Payload.decisionRecorded(
    .init(decision: .init(side: .customer, verdict: .approve, comment: "Please be quick")))
}
