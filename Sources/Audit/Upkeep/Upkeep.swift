internal import Domain
internal import LockboxProto
internal import LogStore
internal import ProtobufC
internal import ServiceKit

/// What becomes of old entries: tenants' retention drops their events, and full segments that are
/// cold are compressed.
///
/// The log says that it drops before it does, in the tenant's own log; a crash between both is
/// made good by the next run.
struct Upkeep {
  struct Done: Hashable, Sendable {
    /// Events that were dropped.
    var dropped = 0
    /// Segments that were compressed.
    var compressed = 0
  }

  let store: LogAuditStore
  let ingest: Ingest
  /// Zero: never.
  let compressAfter: Duration
  /// What the logs themselves say, as far as they have been looked at.
  private var retentions: [LogName: Retention] = [:]

  init(store: LogAuditStore, ingest: Ingest, compressAfter: Duration) {
    self.store = store
    self.ingest = ingest
    self.compressAfter = compressAfter
  }

  /// Settings and keys, without which nothing else can be understood, and what was dropped.
  static let keptKinds: Set<EntryKind> = [
    .tenantApplied, .policyApplied, .approverKeyRegistered, .approverKeyConfirmed,
    .approverKeyRevoked, .subjectsLinked, .subjectUnlinked, .signingKeyActivated, .eventsDropped,
  ]

  mutating func run(at now: Timestamp) async throws -> Done {
    var done = Done()
    let limits = try await announce(at: now)
    if !limits.isEmpty {
      let kinds = Set(Self.keptKinds.map { UInt16($0.rawValue) })
      done.dropped = try await store.log.read(in: .upkeep) {
        try $0.dropBodies(below: limits, keeping: kinds)
      }
    }
    if compressAfter > .zero {
      let time = (now - compressAfter).nanoseconds
      done.compressed = try await store.log.read(in: .upkeep) {
        try $0.compressSegments(before: time)
      }
    }
    return done
  }

  /// Logs what is about to be dropped and was not said before.
  /// - Returns: by the log's name, the index below which events go.
  private mutating func announce(at now: Timestamp) async throws -> [String: UInt64] {
    var limits: [String: UInt64] = [:]
    for extent in try await store.extents() {
      guard case .tenant(let tenant) = extent.log else { continue }
      var retention = retentions[extent.log] ?? Retention()
      try await retention.read(extent.log, to: extent.size, from: store)
      defer { retentions[extent.log] = retention }
      if let period = retention.period {
        let before = now - period
        let limit = store.log.droppable(of: tenant.text, before: before.nanoseconds)
        if limit > retention.announced {
          try await say(tenant, below: limit, before: before, period, now)
          retention.announced = limit
        }
      }
      if retention.announced > 0 { limits[tenant.text] = retention.announced }
    }
    return limits
  }

  private func say(
    _ tenant: TenantID, below index: UInt64, before: Timestamp, _ period: Duration, _ now: Timestamp
  ) async throws {
    let draft = EventDraft(
      time: now, tenant: tenant, request: nil, origin: .system(),
      payload: .eventsDropped(
        .init(belowIndex: index, beforeTime: .init(before), auditRetention: .init(period))))
    let sequence = try await store.cursor(of: .audit) + 1
    let bytes = try draft.serialized(feed: FeedName.audit.rawValue, sequence: sequence)
    let event = try LoggedEvent(logged: bytes)
    try await ingest.log(EventBatch(feed: .audit, after: sequence - 1, events: [event]))
  }
}

/// What a log says of its retention: its newest settings, and how far it was told that events go.
private struct Retention {
  /// The first index that was not looked at.
  private var next: UInt64 = 0
  private(set) var period: Duration?
  var announced: UInt64 = 0

  mutating func read(
    _ log: LogName, to size: UInt64, from store: LogAuditStore
  ) async throws {
    var query = EntryQuery(log: log, from: next, limit: 500)
    query.kinds = [.tenantApplied, .eventsDropped]
    while true {
      let entries = try await store.list(query).entries
      guard let last = entries.last else { break }
      for entry in entries {
        let event = try EventV1.Event(serialized: entry.event, limits: .response)
        if case .tenantApplied(let applied) = event.payload {
          // Approvals judges settings; a period that it would not have let through drops nothing.
          period = Duration(applied.settings?.auditRetention).flatMap {
            Limits.auditRetention.contains($0) ? $0 : nil
          }
        } else if case .eventsDropped(let dropped) = event.payload {
          announced = max(announced, dropped.belowIndex)
        }
      }
      query.from = last.index + 1
    }
    next = max(query.from, size)
  }
}
