internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

extension SQLiteApprovalsReader {
  func tenant(_ id: TenantID) throws -> Versioned<TenantSettings>? {
    try connection.first(
      """
      SELECT settings, version, apply_time, actor_issuer, actor_id, actor_name FROM tenant
      WHERE tenant_id = ? ORDER BY version DESC LIMIT 1
      """, id.text
    ) { try versioned($0, storedTenant) }
  }

  func tenantVersions(
    of id: TenantID, before version: UInt64, limit: Int
  ) throws -> [Versioned<TenantSettings>] {
    try connection.all(
      """
      SELECT settings, version, apply_time, actor_issuer, actor_id, actor_name FROM tenant
      WHERE tenant_id = ? AND version < ? ORDER BY version DESC LIMIT ?
      """, id.text, Int64(clamping: version), limit
    ) { try versioned($0, storedTenant) }
  }

  func tenant(_ id: String, version: UInt64) throws -> TenantSettings? {
    try connection.first(
      "SELECT settings FROM tenant WHERE tenant_id = ? AND version = ?", id, version
    ) { try storedTenant($0.get(0)) }
  }

  func tenants(after id: String, limit: Int) throws -> [Versioned<TenantSettings>] {
    // With max(), SQLite takes the other columns from the row that holds it
    // (sqlite.org/lang_select.html#bareagg).
    try connection.all(
      """
      SELECT settings, max(version), apply_time, actor_issuer, actor_id, actor_name FROM tenant
      WHERE tenant_id > ? GROUP BY tenant_id ORDER BY tenant_id LIMIT ?
      """, id, limit
    ) { try versioned($0, storedTenant) }
  }

  func policy(_ workload: Workload) throws -> Versioned<WorkloadPolicy>? {
    try connection.first(
      """
      SELECT policy, version, apply_time, actor_issuer, actor_id, actor_name FROM policy
      WHERE workload = ? ORDER BY version DESC LIMIT 1
      """, workload.text
    ) { try versioned($0, storedPolicy) }
  }

  func policyVersions(
    of workload: Workload, before version: UInt64, limit: Int
  ) throws -> [Versioned<WorkloadPolicy>] {
    try connection.all(
      """
      SELECT policy, version, apply_time, actor_issuer, actor_id, actor_name FROM policy
      WHERE workload = ? AND version < ? ORDER BY version DESC LIMIT ?
      """, workload.text, Int64(clamping: version), limit
    ) { try versioned($0, storedPolicy) }
  }

  func policy(_ workload: String, version: UInt64) throws -> WorkloadPolicy? {
    try connection.first(
      "SELECT policy FROM policy WHERE workload = ? AND version = ?", workload, version
    ) { try storedPolicy($0.get(0)) }
  }

  func policies(after workload: String, limit: Int) throws -> [Versioned<WorkloadPolicy>] {
    try connection.all(
      """
      SELECT policy, max(version), apply_time, actor_issuer, actor_id, actor_name FROM policy
      WHERE workload > ? GROUP BY workload ORDER BY workload LIMIT ?
      """, workload, limit
    ) { try versioned($0, storedPolicy) }
  }
}

/// Content, version, and when and by whom it was applied, in the order of the statements above.
private func versioned<Value>(
  _ row: borrowing Row, _ content: ([UInt8]) throws -> Value
) throws -> Versioned<Value> {
  var applied: Applied?
  if let time = try row.get(2, as: Int64?.self) {
    var actor: Subject?
    if let issuer = try row.get(3, as: String?.self), let id = try row.get(4, as: String?.self) {
      actor = Subject(
        issuer: issuer, id: id, displayName: try row.get(5, as: String?.self) ?? "")
    }
    applied = Applied(time: Timestamp(nanoseconds: time), by: actor)
  }
  return Versioned(try content(row.get(0)), version: try row.get(1), applied: applied)
}

extension SQLiteApprovalsReader {
  func absences(of tenant: TenantID) throws -> [Absence] {
    try connection.all(
      "SELECT absence FROM absence WHERE tenant_id = ? ORDER BY person", tenant.text
    ) { row in
      guard let absence = Absence(try CommonV1.Absence(serialized: try row.get(0))) else {
        throw StoredMessageError(message: "absence", id: tenant.text)
      }
      return absence
    }
  }
}

private func storedTenant(_ bytes: [UInt8]) throws -> TenantSettings {
  let message = try CommonV1.TenantSettings(serialized: bytes)
  var violations = Violations()
  guard let settings = TenantSettings(message, &violations) else {
    throw StoredMessageError(message: "tenant", id: message.tenantID)
  }
  return settings
}

private func storedPolicy(_ bytes: [UInt8]) throws -> WorkloadPolicy {
  let message = try CommonV1.WorkloadPolicy(serialized: bytes)
  var violations = Violations()
  guard let policy = WorkloadPolicy(message, &violations) else {
    throw StoredMessageError(message: "policy", id: message.workload)
  }
  return policy
}
