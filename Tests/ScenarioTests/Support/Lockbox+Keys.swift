internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import RPC
internal import ServiceKit
internal import SignedStatement
internal import Testing

extension Lockbox {
  /// Registers a new key of somebody of a tenant.
  func registerKey(by person: Person, _ tenant: String) async throws -> CommonV1.ApproverKey {
    let key = SigningKey.generate()
    let publicKey = ApproverPublicKey(key.publicKey)
    let now = SystemClock().now()
    let statement = try Statement.key(
      publicKey.id, of: person.subject, in: try #require(TenantID(tenant)), at: now)
    return try #require(
      try await client(.approvals).unary(
        ApprovalsV1.ApproverKeyService.registerApproverKey,
        .init(
          publicKey: publicKey.der, label: "laptop",
          signature: .init(
            keyID: publicKey.id.bytes, signTime: .init(now), signature: key.sign(statement))),
        options: person.options
      ).key)
  }
}
