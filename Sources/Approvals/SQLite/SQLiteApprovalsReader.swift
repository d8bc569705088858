internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

/// Reads approvals' tables; serves reads and, through the transaction, writes alike.
struct SQLiteApprovalsReader: ApprovalsReader {
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
    if query.onlyOpenReviews { filter = filter + " AND " + Self.reviewIsOpen }
    switch query.grants {
    case .whether, .cutShort: break
    case .given: filter = filter + " AND grant_id IS NOT NULL"
    case .live:
      filter = filter + " AND state = ? AND grant_start <= ? AND grant_end > ?"
      values +=
        [RequestState.Name.approved.rawValue, query.now.nanoseconds, query.now.nanoseconds]
        as [any Bindable]
    }
    if query.grants == .cutShort {
      filter = filter + " AND state IN (8, 9) AND grant_end > ?"
      values.append(query.now.nanoseconds)
    }
    if let workload = query.workload {
      filter = filter + " AND workload = ?"
      values.append(workload.text)
    }
    if let start = query.receivedFrom {
      filter = filter + " AND request_id >= ?"
      values.append(RequestID.least(at: start))
    }
    if let before = query.before {
      filter = filter + " AND request_id < ?"
      values.append(before)
    }
    if !query.states.isEmpty {
      var anyState: SQL = "FALSE"
      for state in query.states.sorted(by: { $0.rawValue < $1.rawValue }) {
        let (condition, bindings) = effective(state, at: query.now)
        anyState = anyState + " OR " + condition
        values += bindings
      }
      filter = filter + " AND (" + anyState + ")"
    }
    return try requests(where: filter, values, limit: query.limit)
  }

  /// The condition for a state as everybody must see it at `now` (`RequestRecord.state(at:)`).
  private func effective(_ state: RequestState.Name, at now: Timestamp) -> (SQL, [any Bindable]) {
    let now = now.nanoseconds
    return switch state {
    case .awaitingProvider, .awaitingCustomer, .approved:
      ("(state = ? AND deadline > ?)", [state.rawValue, now])
    case .expired:
      ("(state = ? OR (state IN (2, 3) AND deadline <= ?))", [state.rawValue, now])
    case .ended:
      ("(state = ? OR (state = 4 AND deadline <= ?))", [state.rawValue, now])
    case .received, .denied, .withdrawn, .revoked:
      ("(state = ?)", [state.rawValue])
    }
  }

  func requests(
    where filter: SQL, _ values: [any Bindable], limit: Int
  ) throws -> [StoredRequest] {
    let columns: SQL = """
      SELECT request_id, access_request, workload, tenant_id, policy_version, tenant_version,
        state, stage, deadline, grant_id, grant_start, grant_end, approval_event, update_time,
        extended_grant, extended_end, extended_position, denial, notices
      FROM request WHERE
      """
    let sql = columns + " " + filter + " ORDER BY request_id DESC LIMIT ?"
    let rows = try connection.all(sql, bindings: values + [limit]) { try RequestRow($0) }
    return try rows.map(stored)
  }

  private func stored(_ row: RequestRow) throws -> StoredRequest {
    let request = try AccessRequest(stored: row.accessRequest)
    var record = RequestRecord(
      request: request, state: try row.state(),
      snapshot: try snapshot(of: row, for: request), decisions: try decisions(on: row.id),
      thread: try thread(on: row.id), extended: row.extended,
      review: request.isBreakGlass ? try review(of: row.id) : nil, denial: row.denial,
      notices: row.notices)
    // The terms cannot change once there is a grant: its scope is theirs.
    record.grant = row.grant.map {
      Grant(id: $0.id, scope: record.terms.scope, start: $0.start, end: $0.end)
    }
    return StoredRequest(
      record: record, accessRequest: row.accessRequest, updateTime: row.updateTime,
      approvalEvent: row.approvalEvent)
  }

  /// The versions that it was opened with make the same snapshot again: the request never changes,
  /// and versions are kept.
  private func snapshot(
    of row: RequestRow, for request: AccessRequest
  ) throws -> PolicySnapshot? {
    guard let policyVersion = row.policyVersion, let tenantVersion = row.tenantVersion else {
      return nil
    }
    guard let policy = try policy(row.workload, version: policyVersion),
      let tenant = try tenant(row.tenant, version: tenantVersion)
    else { throw StoredMessageError(message: "policy snapshot", id: row.id.description) }
    return try PolicySnapshot(
      of: request, policy: policy, version: policyVersion, tenant: tenant, version: tenantVersion)
  }

  private func decisions(on id: RequestID) throws -> [Decision] {
    try connection.all(
      """
      SELECT stage, verdict, issuer, subject, display_name, comment, digest, time, terms,
        signature, seat, is_delegated
      FROM decision WHERE request_id = ? ORDER BY position
      """, id
    ) { row in
      guard let verdict = Verdict(rawValue: try row.get(1)), let digest = Digest(try row.get(6))
      else { throw row.unexpected(1, "a verdict and a digest") }
      return Decision(
        stage: try row.get(0), verdict: verdict,
        approver: Subject(
          issuer: try row.get(2), id: try row.get(3), displayName: try row.get(4)),
        comment: try row.get(5), digest: digest, time: Timestamp(nanoseconds: try row.get(7)),
        terms: try row.get(8, as: [UInt8]?.self).map { try storedTerms($0, of: id) },
        signature: try row.get(9, as: [UInt8]?.self).map { try storedSignature($0, of: id) },
        seat: try row.get(10), isDelegated: try row.get(11, as: Int.self) != 0)
    }
  }
}

extension SQLiteApprovalsReader {
  fileprivate func thread(on id: RequestID) throws -> [ThreadEntry] {
    try connection.all(
      """
      SELECT kind, issuer, subject, display_name, text, time
      FROM thread_entry WHERE request_id = ? ORDER BY position
      """, id
    ) { row in
      guard let kind = ThreadEntry.Kind(rawValue: try row.get(0)) else {
        throw row.unexpected(0, "a kind of entry")
      }
      return ThreadEntry(
        kind: kind,
        author: Subject(
          issuer: try row.get(1), id: try row.get(2), displayName: try row.get(3)),
        text: try row.get(4), time: Timestamp(nanoseconds: try row.get(5)))
    }
  }
}

private func storedSignature(_ bytes: [UInt8], of id: RequestID) throws -> StatementSignature {
  guard let signature = StatementSignature(try CommonV1.StatementSignature(serialized: bytes))
  else { throw StoredMessageError(message: "decision's signature", id: id.description) }
  return signature
}

private func storedTerms(_ bytes: [UInt8], of id: RequestID) throws -> Terms {
  guard let terms = Terms(try CommonV1.Terms(serialized: bytes)) else {
    throw StoredMessageError(message: "decision's terms", id: id.description)
  }
  return terms
}
