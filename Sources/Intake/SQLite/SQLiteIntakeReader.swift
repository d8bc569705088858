internal import Domain
internal import ServiceKit
internal import Storage

/// Reads intake's tables; serves reads and, through the transaction, writes alike.
struct SQLiteIntakeReader: IntakeReader {
  let connection: Connection

  func cursor(of feed: String) throws -> UInt64 { try connection.cursor(of: feed) }

  func request(_ id: RequestID) throws -> StoredRequest? {
    try requests(where: "request_id = ?", [id], limit: 1).first
  }

  func request(ofGrant id: GrantID) throws -> StoredRequest? {
    try requests(where: "grant_id = ?", [id], limit: 1).first
  }

  func requests(_ query: RequestQuery) throws -> [StoredRequest] {
    var filter: SQL = "TRUE"
    var values: [any Bindable] = []
    if let tenant = query.tenant {
      filter = filter + " AND tenant_id = ?"
      values.append(tenant.text)
    }
    if let engineer = query.engineer {
      filter = filter + " AND engineer_id = ? AND engineer_issuer = ?"
      values += [engineer.id, engineer.issuer] as [any Bindable]
    }
    if let before = query.before {
      filter = filter + " AND request_id < ?"
      values.append(before)
    }
    if !query.states.isEmpty {
      let (anyState, bindings) = stateFilter(query.states, at: query.now)
      filter = filter + " AND (" + anyState + ")"
      values += bindings
    }
    return try requests(where: filter, values, limit: query.limit)
  }

  func submission(of engineer: Subject, key: String) throws -> Submission? {
    try connection.first(
      """
      SELECT content, request_id FROM submission
      WHERE engineer_id = ? AND engineer_issuer = ? AND key = ?
      """, engineer.id, engineer.issuer, key
    ) { row in
      guard let content = Digest(try row.get(0)) else { throw row.unexpected(0, "a digest") }
      return Submission(engineer: engineer, key: key, content: content, request: try row.get(1))
    }
  }

  func longestAccess(of tenant: TenantID) throws -> Duration? {
    try connection.first(
      "SELECT longest_access FROM tenant WHERE tenant_id = ?", tenant.text
    ) { .nanoseconds(try $0.get(0, as: Int64.self)) }
  }

  func hasPolicy(for workload: Workload) throws -> Bool {
    try connection.first("SELECT 1 FROM workload WHERE workload = ?", workload.text) { _ in true }
      ?? false
  }

  private func requests(
    where filter: SQL, _ values: [any Bindable], limit: Int
  ) throws -> [StoredRequest] {
    let columns: SQL = """
      SELECT request_id, access_request, digest, tenant_id, engineer_issuer, engineer_id, state,
        deadline, grant_id, withdrawn, update_time
      FROM request WHERE
      """
    return try connection.all(
      columns + " " + filter + " ORDER BY request_id DESC LIMIT ?", bindings: values + [limit]
    ) { row in
      guard let digest = Digest(try row.get(2)), let tenant = TenantID(try row.get(3)),
        let state = RequestState.Name(rawValue: try row.get(6))
      else { throw row.unexpected(6, "a request with its digest, tenant and state") }
      return StoredRequest(
        id: try row.get(0), accessRequest: try row.get(1), digest: digest, tenant: tenant,
        engineer: Subject(issuer: try row.get(4), id: try row.get(5)),
        progress: .init(
          state: state, updateTime: Timestamp(nanoseconds: try row.get(10)),
          deadline: try row.get(7, as: Int64?.self).map { Timestamp(nanoseconds: $0) },
          grant: try row.get(8)),
        isWithdrawn: try row.get(9))
    }
  }
}

/// The condition for states as everybody must see them at `now`: past a deadline, what waits is
/// expired and what was granted has ended.
func stateFilter(
  _ states: Set<RequestState.Name>, at now: Timestamp
) -> (SQL, [any Bindable]) {
  var filter: SQL = "FALSE"
  var values: [any Bindable] = []
  for state in states.sorted(by: { $0.rawValue < $1.rawValue }) {
    values.append(state.rawValue)
    switch state {
    case .awaitingProvider, .awaitingCustomer, .approved:
      filter = filter + " OR (state = ? AND deadline > ?)"
      values.append(now.nanoseconds)
    case .expired:
      filter = filter + " OR state = ? OR (state IN (2, 3) AND deadline <= ?)"
      values.append(now.nanoseconds)
    case .ended:
      filter = filter + " OR state = ? OR (state = 4 AND deadline <= ?)"
      values.append(now.nanoseconds)
    case .received, .denied, .withdrawn, .revoked:
      filter = filter + " OR state = ?"
    }
  }
  return (filter, values)
}
