internal import Domain
internal import ServiceKit
internal import Storage

/// Writes export's tables within one group of the committer.
struct SQLiteExportTransaction: ExportTransaction {
  private let transaction: Transaction
  private let reader: SQLiteExportReader

  init(_ transaction: Transaction) {
    self.transaction = transaction
    reader = SQLiteExportReader(connection: transaction.connection)
  }

  var now: Timestamp { Timestamp(nanoseconds: transaction.highWater) }

  func add(_ entry: StoredEntry, _ type: ContentType?) throws {
    try transaction.execute(
      """
      INSERT INTO entry (sequence, tenant_id, log_index, type, received, event)
      VALUES (?, ?, ?, ?, ?, ?)
      """, entry.sequence, entry.tenant?.text ?? "", entry.index, type?.number, now.nanoseconds,
      entry.event)
  }

  func add(_ blob: ContentBlob) throws {
    try transaction.execute(
      """
      INSERT INTO blob (tenant_id, type, first_index, last_index, created)
      VALUES (?, ?, ?, ?, ?)
      """, blob.tenant.text, blob.type.number, blob.first, blob.last, blob.created.nanoseconds)
  }

  func moveCursor(from: UInt64, to: UInt64) throws {
    try transaction.advanceCursor(of: ServiceName.audit.rawValue, from: from, to: to)
  }

  func listedThrough(_ tenant: TenantID) throws -> Timestamp? {
    let found = try transaction.first(
      "SELECT listed_through FROM tenant WHERE tenant_id = ?", tenant.text
    ) { try $0.get(0, as: Int64?.self) }
    return (found ?? nil).map { Timestamp(nanoseconds: $0) }
  }

  func noteListed(_ tenant: TenantID, through moment: Timestamp) throws {
    try transaction.execute(
      """
      INSERT INTO tenant (tenant_id, listed_through) VALUES (?, ?)
      ON CONFLICT (tenant_id) DO UPDATE SET
        listed_through = max(ifnull(listed_through, 0), excluded.listed_through)
      """, tenant.text, moment.nanoseconds)
  }

  func set(_ subscription: Subscription) throws {
    let (key, webhook) = (subscription.key, subscription.webhook)
    try transaction.execute(
      """
      INSERT OR REPLACE INTO subscription (tenant_id, client_issuer, client_id, type, enabled,
        address, auth_id, expiration, disabled, told, failures, failing_since, next_attempt)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, key.tenant.text, key.client.issuer, key.client.id, key.type.number,
      subscription.isEnabled, webhook?.target.address.description, webhook?.target.authID,
      webhook?.target.expiration?.nanoseconds, webhook?.isDisabled ?? false, webhook?.told,
      webhook?.failures ?? 0, webhook?.failingSince?.nanoseconds,
      webhook?.nextAttempt?.nanoseconds)
  }

  func add(_ attempts: [NotificationAttempt], of key: Subscription.Key) throws {
    for attempt in attempts {
      try transaction.execute(
        """
        INSERT INTO attempt (tenant_id, client_issuer, client_id, type, first_index, sent, succeeded)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """, key.tenant.text, key.client.issuer, key.client.id, key.type.number,
        attempt.blob.first, attempt.sent.nanoseconds, attempt.succeeded)
    }
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    try transaction.append(event)
  }

  // MARK: - Retention

  func drop(receivedBefore moment: Timestamp, limit: Int) throws -> Bool {
    // Entries came in the order of their sequences, so the oldest are the first.
    let oldest = try transaction.all(
      "SELECT sequence, received FROM entry ORDER BY sequence LIMIT ?", limit
    ) { row in (sequence: try row.get(0, as: UInt64.self), received: try row.int64(1)) }
    guard let last = oldest.last(where: { $0.received < moment.nanoseconds }) else { return false }
    let tenants = try transaction.all(
      """
      SELECT tenant_id, max(log_index) FROM entry WHERE sequence <= ? AND tenant_id <> ''
      GROUP BY tenant_id
      """, last.sequence
    ) { row in (tenant: try row.string(0), index: try row.get(1, as: UInt64.self)) }
    for (tenant, index) in tenants {
      try transaction.execute(
        """
        INSERT INTO tenant (tenant_id, dropped_through) VALUES (?, ?)
        ON CONFLICT (tenant_id) DO UPDATE SET dropped_through = excluded.dropped_through
        """, tenant, index)
      try transaction.execute(
        "DELETE FROM attempt WHERE tenant_id = ? AND first_index <= ?", tenant, index)
      try transaction.execute(
        "DELETE FROM blob WHERE tenant_id = ? AND last_index <= ?", tenant, index)
    }
    try transaction.execute("DELETE FROM entry WHERE sequence <= ?", last.sequence)
    return last.sequence == oldest.last?.sequence && oldest.count == limit
  }
}

extension SQLiteExportTransaction {
  func cursor() throws -> UInt64 { try reader.cursor() }
  func entries(
    after sequence: UInt64, limit: Int, maximumBytes: Int
  ) throws -> [StoredEntry] {
    try reader.entries(after: sequence, limit: limit, maximumBytes: maximumBytes)
  }
  func entries(of blob: ContentBlob) throws -> [StoredEntry] { try reader.entries(of: blob) }
  func blob(_ id: ContentID, of tenant: TenantID) throws -> ContentBlob? {
    try reader.blob(id, of: tenant)
  }
  func droppedThrough(_ tenant: TenantID) throws -> UInt64? {
    try reader.droppedThrough(tenant)
  }
  func blobs(
    _ type: ContentType, of tenant: TenantID, created: Range<Timestamp>,
    after position: ContentBlob.Position?, limit: Int
  ) throws -> [ContentBlob] {
    try reader.blobs(type, of: tenant, created: created, after: position, limit: limit)
  }
  func blobs(
    _ type: ContentType, of tenant: TenantID, afterIndex index: UInt64?, limit: Int
  ) throws -> [ContentBlob] {
    try reader.blobs(type, of: tenant, afterIndex: index, limit: limit)
  }
  func lastBlob(_ type: ContentType, of tenant: TenantID) throws -> ContentBlob? {
    try reader.lastBlob(type, of: tenant)
  }
  func subscription(_ key: Subscription.Key) throws -> Subscription? {
    try reader.subscription(key)
  }
  func subscriptions(of tenant: TenantID, client: Subject) throws -> [Subscription] {
    try reader.subscriptions(of: tenant, client: client)
  }
  func subscriptionsToTell() throws -> [Subscription] {
    try reader.subscriptionsToTell()
  }
  func attempts(
    _ key: Subscription.Key, created: Range<Timestamp>, after number: Int64, limit: Int
  ) throws -> [NotificationAttempt] {
    try reader.attempts(key, created: created, after: number, limit: limit)
  }
}
