internal import Domain
internal import ServiceKit
internal import Storage

/// Reads expiry's tables; serves reads and, through the transaction, writes alike.
struct SQLiteExpiryReader: ExpiryReader {
  let connection: Connection

  func deadline(of request: RequestID) throws -> Deadline? {
    try connection.first(
      """
      SELECT request_id, tenant_id, stage, grant_id, due, notice FROM deadline
      WHERE request_id = ?
      """, request
    ) { try Deadline($0) }
  }

  func deadlines(after position: Deadline.Position?, limit: Int) throws -> [Deadline] {
    guard let position else {
      return try connection.all(
        """
        SELECT request_id, tenant_id, stage, grant_id, due, notice FROM deadline
        ORDER BY due, request_id LIMIT ?
        """, limit
      ) { try Deadline($0) }
    }
    return try connection.all(
      """
      SELECT request_id, tenant_id, stage, grant_id, due, notice FROM deadline
      WHERE (due, request_id) > (?, ?) ORDER BY due, request_id LIMIT ?
      """, position.due.nanoseconds, position.request, limit
    ) { try Deadline($0) }
  }

  func deadlines(withNoticeBy moment: Timestamp, limit: Int) throws -> [Deadline] {
    try connection.all(
      """
      SELECT request_id, tenant_id, stage, grant_id, due, notice FROM deadline
      WHERE notice <= ? ORDER BY notice LIMIT ?
      """, moment.nanoseconds, limit
    ) { try Deadline($0) }
  }

  func nextNotice() throws -> Timestamp? {
    try connection.first(
      "SELECT notice FROM deadline WHERE notice IS NOT NULL ORDER BY notice LIMIT 1"
    ) { Timestamp(nanoseconds: try $0.get(0)) }
  }

  func count(dueBy moment: Timestamp) throws -> Int {
    try connection.first("SELECT count(*) FROM deadline WHERE due <= ?", moment.nanoseconds) {
      try $0.get(0)
    } ?? 0
  }

  func fired() throws -> Int {
    try connection.first("SELECT count FROM fired") { try $0.get(0) } ?? 0
  }

  func cursor(of feed: String) throws -> UInt64 { try connection.cursor(of: feed) }
}

/// Writes expiry's tables within one group of the committer.
struct SQLiteExpiryTransaction: ExpiryTransaction {
  private let transaction: Transaction
  private let reader: SQLiteExpiryReader

  init(_ transaction: Transaction) {
    self.transaction = transaction
    reader = SQLiteExpiryReader(connection: transaction.connection)
  }

  var now: Timestamp { Timestamp(nanoseconds: transaction.highWater) }

  func set(_ deadline: Deadline) throws {
    let stage: Int?
    let grant: GrantID?
    switch deadline.kind {
    case .stage(let index): (stage, grant) = (index, nil)
    case .grant(let id): (stage, grant) = (nil, id)
    }
    try transaction.execute(
      """
      INSERT INTO deadline (request_id, tenant_id, stage, grant_id, due, notice)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (request_id) DO UPDATE SET
        stage = excluded.stage, grant_id = excluded.grant_id, due = excluded.due,
        notice = excluded.notice
      """,
      deadline.request, deadline.tenant.text, stage, grant, deadline.due.nanoseconds,
      deadline.notice?.nanoseconds)
  }

  func remove(_ request: RequestID) throws {
    try transaction.execute("DELETE FROM deadline WHERE request_id = ?", request)
  }

  func countFired() throws {
    try transaction.execute("UPDATE fired SET count = count + 1")
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    try transaction.append(event)
  }

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    try transaction.advanceCursor(of: feed, from: from, to: to)
  }
}

extension SQLiteExpiryTransaction {
  func deadline(of request: RequestID) throws -> Deadline? { try reader.deadline(of: request) }
  func deadlines(after position: Deadline.Position?, limit: Int) throws -> [Deadline] {
    try reader.deadlines(after: position, limit: limit)
  }
  func deadlines(withNoticeBy moment: Timestamp, limit: Int) throws -> [Deadline] {
    try reader.deadlines(withNoticeBy: moment, limit: limit)
  }
  func nextNotice() throws -> Timestamp? { try reader.nextNotice() }
  func count(dueBy moment: Timestamp) throws -> Int { try reader.count(dueBy: moment) }
  func fired() throws -> Int { try reader.fired() }
  func cursor(of feed: String) throws -> UInt64 { try reader.cursor(of: feed) }
}

extension Deadline {
  /// Reads the columns request_id, tenant_id, stage, grant_id, due, notice.
  fileprivate init(_ row: borrowing Row) throws {
    guard let tenant = TenantID(try row.get(1)) else { throw row.unexpected(1, "a tenant id") }
    let kind: Kind
    if let grant = try row.get(3, as: GrantID?.self) {
      kind = .grant(grant)
    } else {
      kind = .stage(try row.get(2))
    }
    self.init(
      request: try row.get(0), tenant: tenant, kind: kind,
      due: Timestamp(nanoseconds: try row.get(4)),
      notice: try row.get(5, as: Int64?.self).map { Timestamp(nanoseconds: $0) })
  }
}
