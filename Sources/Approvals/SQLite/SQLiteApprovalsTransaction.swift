internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

/// Writes approvals' tables within one group of the committer.
struct SQLiteApprovalsTransaction: ApprovalsTransaction {
  let transaction: Transaction
  let reader: SQLiteApprovalsReader
  let time: TimeMark.Reading

  init(_ transaction: Transaction) {
    self.transaction = transaction
    reader = SQLiteApprovalsReader(connection: transaction.connection)
    var mark = TimeMark(mark: Timestamp(nanoseconds: transaction.highWater))
    time = mark.observe(Timestamp(nanoseconds: transaction.now))
  }

  func save(_ stored: StoredRequest) throws {
    let record = stored.record
    let request = record.request
    let open = record.state.openStage
    try transaction.execute(
      """
      INSERT INTO request (
        request_id, access_request, tenant_id, workload, engineer_issuer, engineer_id,
        policy_version, tenant_version, state, stage, deadline, grant_id, grant_start, grant_end,
        approval_event, update_time, extended_grant, extended_end, extended_position,
        denial, notices)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (request_id) DO UPDATE SET
        policy_version = excluded.policy_version, tenant_version = excluded.tenant_version,
        state = excluded.state, stage = excluded.stage, deadline = excluded.deadline,
        grant_id = excluded.grant_id, grant_start = excluded.grant_start,
        grant_end = excluded.grant_end, approval_event = excluded.approval_event,
        update_time = excluded.update_time, extended_grant = excluded.extended_grant,
        extended_end = excluded.extended_end, extended_position = excluded.extended_position,
        denial = excluded.denial, notices = excluded.notices
      """,
      request.id, stored.accessRequest, request.tenant.text, request.workload.text,
      request.engineer.issuer, request.engineer.id, record.snapshot?.policyVersion,
      record.snapshot?.tenantVersion, record.state.name.rawValue, open?.index,
      record.deadline?.nanoseconds, record.grant?.id, record.grant?.start.nanoseconds,
      record.grant?.end.nanoseconds, stored.approvalEvent, stored.updateTime.nanoseconds,
      record.extended?.id, record.extended?.end.nanoseconds, record.extended?.position,
      record.denial?.rawValue, record.notices.noticeBits)
    // A transition adds one decision or one entry at most; those before it are stored.
    if let decision = record.decisions.last {
      try save(decision, at: record.decisions.count - 1, on: request.id)
    }
    if let entry = record.thread.last {
      try save(entry, at: record.thread.count - 1, on: request.id)
    }
    if let review = record.review { try save(review, of: request) }
  }

  private func save(_ review: BreakGlassReview, of request: AccessRequest) throws {
    let closing = review.closing
    try transaction.execute(
      """
      INSERT INTO review (
        request_id, tenant_id, due, verdict, issuer, subject, display_name, comment, close_time)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (request_id) DO UPDATE SET
        verdict = excluded.verdict, issuer = excluded.issuer, subject = excluded.subject,
        display_name = excluded.display_name, comment = excluded.comment,
        close_time = excluded.close_time
      """,
      request.id, request.tenant.text, review.due.nanoseconds, closing?.verdict.rawValue,
      closing?.reviewer.issuer, closing?.reviewer.id, closing?.reviewer.displayName,
      closing?.comment, closing?.time.nanoseconds)
  }

  private func save(_ decision: Decision, at position: Int, on id: RequestID) throws {
    try transaction.execute(
      """
      INSERT INTO decision (
        request_id, position, stage, verdict, issuer, subject, display_name, comment, digest, time,
        terms, signature, seat, is_delegated)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id, position) DO NOTHING
      """,
      id, position, decision.stage, decision.verdict.rawValue,
      decision.approver.issuer, decision.approver.id, decision.approver.displayName,
      decision.comment, decision.digest.bytes, decision.time.nanoseconds,
      try decision.terms.map { try CommonV1.Terms($0).serialized() },
      try decision.signature.map { try CommonV1.StatementSignature($0).serialized() },
      decision.seat, decision.isDelegated ? 1 : 0)
  }

  private func save(_ entry: ThreadEntry, at position: Int, on id: RequestID) throws {
    try transaction.execute(
      """
      INSERT INTO thread_entry (
        request_id, position, kind, issuer, subject, display_name, text, time)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id, position) DO NOTHING
      """,
      id, position, entry.kind.rawValue, entry.author.issuer, entry.author.id,
      entry.author.displayName, entry.text, entry.time.nanoseconds)
  }

  func save(_ tenant: Versioned<TenantSettings>) throws {
    try transaction.execute(
      """
      INSERT INTO tenant (
        tenant_id, version, settings, apply_time, actor_issuer, actor_id, actor_name)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      tenant.value.tenant.text, tenant.version, try tenant.value.message.serialized(),
      tenant.applied?.time.nanoseconds, tenant.applied?.by?.issuer, tenant.applied?.by?.id,
      tenant.applied?.by?.displayName)
  }

  func save(_ policy: Versioned<WorkloadPolicy>) throws {
    try transaction.execute(
      """
      INSERT INTO policy (
        workload, version, policy, apply_time, actor_issuer, actor_id, actor_name)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      policy.value.workload.text, policy.version, try policy.value.message.serialized(),
      policy.applied?.time.nanoseconds, policy.applied?.by?.issuer, policy.applied?.by?.id,
      policy.applied?.by?.displayName)
  }

  func save(_ key: ApproverKey) throws {
    try transaction.execute(
      """
      INSERT INTO approver_key (key_id, tenant_id, register_time, approver_key)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (tenant_id, key_id) DO UPDATE SET approver_key = excluded.approver_key
      """,
      key.id.bytes, key.tenant.text, key.registerTime.nanoseconds,
      try CommonV1.ApproverKey(key).serialized())
  }

  func save(_ absence: Absence) throws {
    try transaction.execute(
      """
      INSERT INTO absence (tenant_id, person, absence) VALUES (?, ?, ?)
      ON CONFLICT (tenant_id, person) DO UPDATE SET absence = excluded.absence
      """,
      absence.tenant.text, absence.person, try CommonV1.Absence(absence).serialized())
  }

  func removeAbsence(of person: String, in tenant: TenantID) throws {
    try transaction.execute(
      "DELETE FROM absence WHERE tenant_id = ? AND person = ?", tenant.text, person)
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    try transaction.append(event)
  }

  func cursor(of feed: String) throws -> UInt64 {
    try transaction.cursor(of: feed)
  }

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    try transaction.advanceCursor(of: feed, from: from, to: to)
  }
}

extension SQLiteApprovalsTransaction {
  func request(_ id: RequestID) throws -> StoredRequest? { try reader.request(id) }
  func request(ofGrant id: GrantID) throws -> StoredRequest? { try reader.request(ofGrant: id) }
  func requests(_ query: RequestQuery) throws -> [StoredRequest] { try reader.requests(query) }
  func requests(extending grant: GrantID) throws -> [StoredRequest] {
    try reader.requests(extending: grant)
  }
  func hasOverdueReview(of tenant: TenantID, at now: Timestamp) throws -> Bool {
    try reader.hasOverdueReview(of: tenant, at: now)
  }
  func tenant(_ id: TenantID) throws -> Versioned<TenantSettings>? { try reader.tenant(id) }
  func tenants(after id: String, limit: Int) throws -> [Versioned<TenantSettings>] {
    try reader.tenants(after: id, limit: limit)
  }
  func tenantVersions(
    of id: TenantID, before version: UInt64, limit: Int
  ) throws -> [Versioned<TenantSettings>] {
    try reader.tenantVersions(of: id, before: version, limit: limit)
  }
  func policy(_ workload: Workload) throws -> Versioned<WorkloadPolicy>? {
    try reader.policy(workload)
  }
  func policyVersions(
    of workload: Workload, before version: UInt64, limit: Int
  ) throws -> [Versioned<WorkloadPolicy>] {
    try reader.policyVersions(of: workload, before: version, limit: limit)
  }
  func key(_ id: ApproverKeyID, of tenant: TenantID) throws -> ApproverKey? {
    try reader.key(id, of: tenant)
  }
  func keys(of tenant: TenantID) throws -> [ApproverKey] { try reader.keys(of: tenant) }
  func policies(after workload: String, limit: Int) throws -> [Versioned<WorkloadPolicy>] {
    try reader.policies(after: workload, limit: limit)
  }
  func absences(of tenant: TenantID) throws -> [Absence] { try reader.absences(of: tenant) }
}
