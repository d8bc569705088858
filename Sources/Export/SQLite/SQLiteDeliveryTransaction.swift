internal import Domain
internal import ProtobufC
internal import ServiceKit
internal import Storage

extension SQLiteExportStore: DeliveryStore {
  func writeDeliveries<Value: Sendable>(
    _ body: @escaping @Sendable (any DeliveryTransaction) throws -> Value
  ) async throws -> Value {
    try await database.write { try body(SQLiteDeliveryTransaction($0)) }
  }

  func readDeliveries<Value: Sendable>(
    _ body: @escaping @Sendable (any DeliveryReader) throws -> Value
  ) async throws -> Value {
    try await database.read { try body(SQLiteDeliveryReader(connection: $0)) }
  }
}

/// Writes the tables of deliveries within one group of the committer.
struct SQLiteDeliveryTransaction: DeliveryTransaction {
  private let transaction: Transaction
  private let reader: SQLiteDeliveryReader

  init(_ transaction: Transaction) {
    self.transaction = transaction
    reader = SQLiteDeliveryReader(connection: transaction.connection)
  }

  var now: Timestamp { Timestamp(nanoseconds: transaction.highWater) }

  func set(_ destination: Destination) throws {
    try transaction.execute(
      """
      INSERT INTO destination (id, tenant_id, settings) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET settings = excluded.settings
      """, destination.id, destination.tenant?.text ?? "", try destination.message.serialized())
  }

  func setKeys(_ keys: [StoredKey], of id: DestinationID) throws {
    try transaction.execute("DELETE FROM destination_key WHERE destination_id = ?", id)
    for (place, key) in keys.enumerated() {
      try transaction.execute(
        "INSERT INTO destination_key (destination_id, place, secret, expires) VALUES (?, ?, ?, ?)",
        id, place, key.bytes, key.expires?.nanoseconds)
    }
  }

  func setProgress(_ progress: DeliveryProgress, of id: DestinationID) throws {
    try transaction.execute(
      """
      UPDATE destination SET next_index = ?, failures = ?, attempts = ?, not_before = ?,
        last_failure = ?, disabled = ?
      WHERE id = ?
      """, progress.next, progress.failures, progress.attempts, progress.notBefore?.nanoseconds,
      progress.lastFailure, progress.isDisabled, id)
  }

  func remove(_ id: DestinationID) throws {
    try transaction.execute("DELETE FROM dead_letter WHERE destination_id = ?", id)
    try transaction.execute("DELETE FROM destination_key WHERE destination_id = ?", id)
    try transaction.execute("DELETE FROM destination WHERE id = ?", id)
  }

  func set(_ deadLetter: StoredDeadLetter, of id: DestinationID) throws {
    try transaction.execute(
      """
      INSERT OR REPLACE INTO dead_letter
        (destination_id, log_index, event, given_up, attempts, last_failure, retrying)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, id, deadLetter.index, deadLetter.event, deadLetter.givenUp.nanoseconds,
      deadLetter.attempts, deadLetter.lastFailure, deadLetter.isRetrying)
  }

  func removeDeadLetter(_ index: UInt64, of id: DestinationID) throws {
    try transaction.execute(
      "DELETE FROM dead_letter WHERE destination_id = ? AND log_index = ?", id, index)
  }

  func retryDeadLetters(
    _ indexes: [UInt64]?, of id: DestinationID
  ) throws -> RetriedLetters {
    if let indexes {
      for index in indexes {
        try transaction.execute(
          "UPDATE dead_letter SET retrying = 1 WHERE destination_id = ? AND log_index = ?", id,
          index)
      }
    } else {
      try transaction.execute(
        "UPDATE dead_letter SET retrying = 1 WHERE destination_id = ?", id)
    }
    return try transaction.first(
      """
      SELECT count(*), min(log_index), max(log_index) FROM dead_letter
      WHERE destination_id = ? AND retrying = 1
      """, id
    ) {
      RetriedLetters(
        count: try $0.get(0), first: try $0.get(1, as: UInt64?.self) ?? 0,
        last: try $0.get(2, as: UInt64?.self) ?? 0)
    } ?? RetriedLetters(count: 0, first: 0, last: 0)
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    try transaction.append(event)
  }
}

extension SQLiteDeliveryTransaction {
  func destination(_ id: DestinationID) throws -> Destination? { try reader.destination(id) }
  func destinations(
    of tenant: TenantID?, after id: DestinationID?, limit: Int
  ) throws -> [Destination] {
    try reader.destinations(of: tenant, after: id, limit: limit)
  }
  func allDestinations() throws -> [Destination] { try reader.allDestinations() }
  func keys(of id: DestinationID) throws -> [StoredKey] { try reader.keys(of: id) }
  func progress(of id: DestinationID) throws -> DeliveryProgress? { try reader.progress(of: id) }
  func deadLetters(
    of id: DestinationID, from index: UInt64, limit: Int
  ) throws -> [StoredDeadLetter] {
    try reader.deadLetters(of: id, from: index, limit: limit)
  }
  func deadLettersToRetry(of id: DestinationID, limit: Int) throws -> [StoredDeadLetter] {
    try reader.deadLettersToRetry(of: id, limit: limit)
  }
  func deadLetterCount(of id: DestinationID) throws -> UInt64 {
    try reader.deadLetterCount(of: id)
  }
  func entries(
    of tenant: TenantID?, from index: UInt64, limit: Int, maximumBytes: Int
  ) throws -> [LoggedEntry] {
    try reader.entries(of: tenant, from: index, limit: limit, maximumBytes: maximumBytes)
  }
  func size(of tenant: TenantID?) throws -> UInt64 { try reader.size(of: tenant) }
  func firstIndex(of tenant: TenantID?) throws -> UInt64 { try reader.firstIndex(of: tenant) }
}
