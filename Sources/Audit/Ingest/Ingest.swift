/// Logs what the feeds bring: durable first, then told to whoever waits.
struct Ingest: Sendable {
  let store: any AuditStore
  let arrivals: Arrivals
  let unsigned: UnsignedLogs

  /// - Throws: `AuditStoreError`, upon which the feed must stop; what the store throws else.
  func log(_ batch: EventBatch) async throws {
    let places = try await store.append(batch)
    arrivals.announce(batch.events, at: places)
    unsigned.note(places)
  }
}
