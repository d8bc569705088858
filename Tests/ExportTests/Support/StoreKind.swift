internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Export

extension StoreKind {
  /// Runs a test on an empty store and clears up after it.
  func withStore(_ body: (StoreBench<any ExportStore>) async throws -> Void) async throws {
    try await withStore(
      memory: { clock in
        let store = MemoryExportStore(clock: clock)
        return (store, { store.feed })
      },
      sqlite: { path, clock in
        let store = try SQLiteExportStore(path: path, clock: clock) {
          Issue.record("the database failed: \($0)")
        }
        return (store, store.database)
      }, body)
  }
}

/// A store that is filled as audit's entries would fill it.
extension StoreBench where Store == any ExportStore {
  /// The events of the feed.
  func told() async throws -> [EventV1.Event] {
    let events = try await events()
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
