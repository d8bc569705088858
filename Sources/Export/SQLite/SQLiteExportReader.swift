internal import Domain
internal import ServiceKit
internal import Storage

/// Reads export's tables; serves reads and, through the transaction, writes alike.
struct SQLiteExportReader: ExportReader {
  let connection: Connection

  func cursor() throws -> UInt64 { try connection.cursor(of: ServiceName.audit.rawValue) }

  func entries(
    after sequence: UInt64, limit: Int, maximumBytes: Int
  ) throws -> [StoredEntry] {
    var entries: [StoredEntry] = []
    var bytes = 0
    try connection.each(
      """
      SELECT sequence, tenant_id, log_index, event FROM entry
      WHERE sequence > ? ORDER BY sequence LIMIT ?
      """, bindings: [sequence, limit]
    ) { row in
      let (total, overflow) = bytes.addingReportingOverflow(row.byteCount(3))
      if !entries.isEmpty && (overflow || total > maximumBytes) { return false }
      bytes = total
      entries.append(try StoredEntry(row))
      return true
    }
    return entries
  }

  func entries(of blob: ContentBlob) throws -> [StoredEntry] {
    try connection.all(
      """
      SELECT sequence, tenant_id, log_index, event FROM entry
      WHERE tenant_id = ? AND log_index BETWEEN ? AND ? AND type = ? ORDER BY log_index
      """, blob.tenant.text, blob.first, blob.last, blob.type.number
    ) { try StoredEntry($0) }
  }

  func blob(_ id: ContentID, of tenant: TenantID) throws -> ContentBlob? {
    try connection.first(
      """
      SELECT tenant_id, type, first_index, last_index, created FROM blob
      WHERE tenant_id = ? AND type = ? AND first_index = ? AND last_index = ?
      """, tenant.text, id.type.number, id.first, id.last
    ) { try ContentBlob($0) }
  }

  func droppedThrough(_ tenant: TenantID) throws -> UInt64? {
    try connection.first(
      "SELECT dropped_through FROM tenant WHERE tenant_id = ?", tenant.text
    ) { try $0.get(0, as: UInt64?.self) } ?? nil
  }

  func blobs(
    _ type: ContentType, of tenant: TenantID, created: Range<Timestamp>,
    after position: ContentBlob.Position?, limit: Int
  ) throws -> [ContentBlob] {
    let columns: SQL = "SELECT tenant_id, type, first_index, last_index, created FROM blob "
    guard let position, position.created >= created.lowerBound else {
      return try connection.all(
        columns + """
          WHERE tenant_id = ? AND type = ? AND created >= ? AND created < ?
          ORDER BY created, first_index LIMIT ?
          """, tenant.text, type.number, created.lowerBound.nanoseconds,
        created.upperBound.nanoseconds, limit
      ) { try ContentBlob($0) }
    }
    return try connection.all(
      columns + """
        WHERE tenant_id = ? AND type = ? AND (created, first_index) > (?, ?) AND created < ?
        ORDER BY created, first_index LIMIT ?
        """, tenant.text, type.number, position.created.nanoseconds, position.first,
      created.upperBound.nanoseconds, limit
    ) { try ContentBlob($0) }
  }

  func blobs(
    _ type: ContentType, of tenant: TenantID, afterIndex index: UInt64?, limit: Int
  ) throws -> [ContentBlob] {
    try connection.all(
      """
      SELECT tenant_id, type, first_index, last_index, created FROM blob
      WHERE tenant_id = ? AND type = ? AND first_index > ? ORDER BY first_index LIMIT ?
      """, tenant.text, type.number, index.map { Int64($0) } ?? -1, limit
    ) { try ContentBlob($0) }
  }

  func lastBlob(_ type: ContentType, of tenant: TenantID) throws -> ContentBlob? {
    try connection.first(
      """
      SELECT tenant_id, type, first_index, last_index, created FROM blob
      WHERE tenant_id = ? AND type = ? ORDER BY first_index DESC LIMIT 1
      """, tenant.text, type.number
    ) { try ContentBlob($0) }
  }
}

extension StoredEntry {
  /// Reads the columns sequence, tenant_id, log_index, event.
  init(_ row: Row) throws {
    let tenantID = try row.string(1)
    let tenant = TenantID(tenantID)
    guard tenant != nil || tenantID.isEmpty else { throw row.unexpected(1, "a tenant id") }
    self.init(
      sequence: try row.get(0), tenant: tenant, index: try row.get(2), event: try row.bytes(3))
  }
}

extension ContentBlob {
  /// Reads the columns tenant_id, type, first_index, last_index, created.
  init(_ row: Row, from column: Int = 0) throws {
    guard let tenant = TenantID(try row.string(column)) else {
      throw row.unexpected(column, "a tenant id")
    }
    guard let type = ContentType(number: try row.get(column + 1)) else {
      throw row.unexpected(column + 1, "a content type")
    }
    self.init(
      tenant: tenant, type: type, first: try row.get(column + 2), last: try row.get(column + 3),
      created: Timestamp(nanoseconds: try row.get(column + 4)))
  }
}
