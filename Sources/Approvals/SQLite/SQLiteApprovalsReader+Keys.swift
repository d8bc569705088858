internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

extension SQLiteApprovalsReader {
  func key(_ id: ApproverKeyID, of tenant: TenantID) throws -> ApproverKey? {
    try connection.first(
      "SELECT approver_key FROM approver_key WHERE tenant_id = ? AND key_id = ?", tenant.text,
      id.bytes
    ) { try storedKey($0.get(0)) }
  }

  func keys(of tenant: TenantID) throws -> [ApproverKey] {
    try connection.all(
      """
      SELECT approver_key FROM approver_key WHERE tenant_id = ? ORDER BY register_time, key_id
      """, tenant.text
    ) { try storedKey($0.get(0)) }
  }
}

private func storedKey(_ bytes: [UInt8]) throws -> ApproverKey {
  let message = try CommonV1.ApproverKey(serialized: bytes)
  guard let key = ApproverKey(message) else {
    throw StoredMessageError(message: "approver's key", id: message.label)
  }
  return key
}
