internal import Domain
internal import ServiceKit
internal import Storage

/// Writes intake's tables within one group of the committer.
struct SQLiteIntakeTransaction: IntakeTransaction {
  private let transaction: Transaction
  private let reader: SQLiteIntakeReader

  init(_ transaction: Transaction) {
    self.transaction = transaction
    reader = SQLiteIntakeReader(connection: transaction.connection)
  }

  var now: Timestamp { Timestamp(nanoseconds: transaction.highWater) }

  func insert(_ request: StoredRequest, _ submission: Submission) throws {
    try transaction.execute(
      """
      INSERT INTO request (
        request_id, access_request, digest, tenant_id, engineer_issuer, engineer_id, state,
        update_time)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      request.id, request.accessRequest, request.digest.bytes, request.tenant.text,
      request.engineer.issuer, request.engineer.id, request.progress.state.rawValue,
      request.progress.updateTime.nanoseconds)
    try transaction.execute(
      """
      INSERT INTO submission (engineer_id, engineer_issuer, key, content, request_id)
      VALUES (?, ?, ?, ?, ?)
      """,
      submission.engineer.id, submission.engineer.issuer, submission.key,
      submission.content.bytes, submission.request)
  }

  func update(_ progress: StoredRequest.Progress, of request: RequestID) throws {
    try transaction.execute(
      """
      UPDATE request SET state = ?, deadline = ?, grant_id = ?, update_time = ?
      WHERE request_id = ?
      """,
      progress.state.rawValue, progress.deadline?.nanoseconds, progress.grant,
      progress.updateTime.nanoseconds, request)
  }

  func markWithdrawn(_ request: RequestID) throws {
    try transaction.execute("UPDATE request SET withdrawn = 1 WHERE request_id = ?", request)
  }

  func save(tenant: TenantID, longestAccess: Duration) throws {
    try transaction.execute(
      """
      INSERT INTO tenant (tenant_id, longest_access) VALUES (?, ?)
      ON CONFLICT (tenant_id) DO UPDATE SET longest_access = excluded.longest_access
      """, tenant.text, longestAccess.nanosecondsClamped)
  }

  func save(workload: Workload) throws {
    try transaction.execute(
      "INSERT INTO workload (workload) VALUES (?) ON CONFLICT DO NOTHING", workload.text)
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    try transaction.append(event)
  }

  func cursor(of feed: String) throws -> UInt64 { try transaction.cursor(of: feed) }

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    try transaction.advanceCursor(of: feed, from: from, to: to)
  }
}

extension SQLiteIntakeTransaction {
  func request(_ id: RequestID) throws -> StoredRequest? { try reader.request(id) }
  func request(ofGrant id: GrantID) throws -> StoredRequest? {
    try reader.request(ofGrant: id)
  }
  func requests(_ query: RequestQuery) throws -> [StoredRequest] { try reader.requests(query) }
  func submission(of engineer: Subject, key: String) throws -> Submission? {
    try reader.submission(of: engineer, key: key)
  }
  func longestAccess(of tenant: TenantID) throws -> Duration? {
    try reader.longestAccess(of: tenant)
  }
  func hasPolicy(for workload: Workload) throws -> Bool { try reader.hasPolicy(for: workload) }
}
