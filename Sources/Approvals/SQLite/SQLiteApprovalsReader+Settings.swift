internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

extension SQLiteApprovalsReader {
  func tenant(_ id: TenantID) throws -> Versioned<TenantSettings>? {
    try connection.first(
      """
      SELECT settings, version FROM tenant WHERE tenant_id = ? ORDER BY version DESC LIMIT 1
      """, id.text
    ) { try Versioned(storedTenant($0.get(0)), version: $0.get(1)) }
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
      SELECT settings, max(version) FROM tenant WHERE tenant_id > ?
      GROUP BY tenant_id ORDER BY tenant_id LIMIT ?
      """, id, limit
    ) { try Versioned(storedTenant($0.get(0)), version: $0.get(1)) }
  }

  func policy(_ workload: Workload) throws -> Versioned<WorkloadPolicy>? {
    try connection.first(
      "SELECT policy, version FROM policy WHERE workload = ? ORDER BY version DESC LIMIT 1",
      workload.text
    ) { try Versioned(storedPolicy($0.get(0)), version: $0.get(1)) }
  }

  func policy(_ workload: String, version: UInt64) throws -> WorkloadPolicy? {
    try connection.first(
      "SELECT policy FROM policy WHERE workload = ? AND version = ?", workload, version
    ) { try storedPolicy($0.get(0)) }
  }

  func policies(after workload: String, limit: Int) throws -> [Versioned<WorkloadPolicy>] {
    try connection.all(
      """
      SELECT policy, max(version) FROM policy WHERE workload > ?
      GROUP BY workload ORDER BY workload LIMIT ?
      """, workload, limit
    ) { try Versioned(storedPolicy($0.get(0)), version: $0.get(1)) }
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
