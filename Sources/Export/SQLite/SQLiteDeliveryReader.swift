internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

/// Reads the tables of deliveries; serves reads and, through the transaction, writes alike.
struct SQLiteDeliveryReader: DeliveryReader {
  let connection: Connection

  func destination(_ id: DestinationID) throws -> Destination? {
    try connection.first("SELECT settings FROM destination WHERE id = ?", id) {
      try Destination($0)
    }
  }

  func destinations(
    of tenant: TenantID?, after id: DestinationID?, limit: Int
  ) throws -> [Destination] {
    guard let id else {
      return try connection.all(
        "SELECT settings FROM destination WHERE tenant_id = ? ORDER BY id LIMIT ?",
        tenant?.text ?? "", limit
      ) { try Destination($0) }
    }
    return try connection.all(
      "SELECT settings FROM destination WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ?",
      tenant?.text ?? "", id, limit
    ) { try Destination($0) }
  }

  func allDestinations() throws -> [Destination] {
    try connection.all("SELECT settings FROM destination ORDER BY id") { try Destination($0) }
  }

  func keys(of id: DestinationID) throws -> [StoredKey] {
    try connection.all(
      "SELECT secret, expires FROM destination_key WHERE destination_id = ? ORDER BY place", id
    ) {
      StoredKey(
        bytes: try $0.bytes(0),
        expires: try $0.get(1, as: Int64?.self).map { Timestamp(nanoseconds: $0) })
    }
  }

  func progress(of id: DestinationID) throws -> DeliveryProgress? {
    try connection.first(
      """
      SELECT next_index, failures, attempts, not_before, last_failure, disabled FROM destination
      WHERE id = ?
      """, id
    ) { row in
      var progress = DeliveryProgress(next: try row.get(0))
      progress.failures = try row.get(1)
      progress.attempts = try row.get(2)
      progress.notBefore = try row.get(3, as: Int64?.self).map { Timestamp(nanoseconds: $0) }
      progress.lastFailure = try row.get(4)
      progress.isDisabled = try row.get(5, as: Int.self) != 0
      return progress
    }
  }

  func deadLetters(
    of id: DestinationID, from index: UInt64, limit: Int
  ) throws -> [StoredDeadLetter] {
    try connection.all(
      """
      SELECT log_index, event, given_up, attempts, last_failure, retrying FROM dead_letter
      WHERE destination_id = ? AND log_index >= ? ORDER BY log_index LIMIT ?
      """, id, index, limit
    ) { try StoredDeadLetter($0) }
  }

  func deadLettersToRetry(of id: DestinationID, limit: Int) throws -> [StoredDeadLetter] {
    try connection.all(
      """
      SELECT log_index, event, given_up, attempts, last_failure, retrying FROM dead_letter
      WHERE destination_id = ? AND retrying = 1 ORDER BY log_index LIMIT ?
      """, id, limit
    ) { try StoredDeadLetter($0) }
  }

  func deadLetterCount(of id: DestinationID) throws -> UInt64 {
    try connection.first("SELECT count(*) FROM dead_letter WHERE destination_id = ?", id) {
      try $0.get(0)
    } ?? 0
  }

  func entries(
    of tenant: TenantID?, from index: UInt64, limit: Int, maximumBytes: Int
  ) throws -> [LoggedEntry] {
    var entries: [LoggedEntry] = []
    var bytes = 0
    let sql: SQL = """
      SELECT log_index, event FROM entry WHERE tenant_id = ? AND log_index >= ?
      ORDER BY log_index LIMIT ?
      """
    try connection.each(sql, bindings: [tenant?.text ?? "", index, limit]) { row in
      let entry = LoggedEntry(index: try row.get(0), event: try row.bytes(1))
      bytes += entry.event.count
      if !entries.isEmpty && bytes > maximumBytes { return false }
      entries.append(entry)
      return true
    }
    return entries
  }

  func size(of tenant: TenantID?) throws -> UInt64 {
    try connection.first(
      "SELECT max(log_index) + 1 FROM entry WHERE tenant_id = ?", tenant?.text ?? ""
    ) { try $0.get(0, as: UInt64?.self) ?? 0 } ?? 0
  }

  func firstIndex(of tenant: TenantID?) throws -> UInt64 {
    try connection.first(
      "SELECT min(log_index) FROM entry WHERE tenant_id = ?", tenant?.text ?? ""
    ) { try $0.get(0, as: UInt64?.self) ?? 0 } ?? 0
  }
}

extension Destination {
  fileprivate init(_ row: borrowing Row) throws {
    try self.init(stored: try CommonV1.Destination(serialized: row.bytes(0), limits: .response))
  }
}

extension StoredDeadLetter {
  fileprivate init(_ row: borrowing Row) throws {
    self.init(
      index: try row.get(0), event: try row.bytes(1),
      givenUp: Timestamp(nanoseconds: try row.get(2)), attempts: try row.get(3),
      lastFailure: try row.get(4), isRetrying: try row.get(5, as: Int.self) != 0)
  }
}
