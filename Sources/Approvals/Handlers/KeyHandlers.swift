internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import SignedStatement

/// `lockbox.approvals.v1.ApproverKeyService`.
struct KeyHandlers: Sendable {
  let desk: Desk
  let signatures: SignatureDesk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.ApproverKeyService.registerApproverKey, register)
    router.unary(ApprovalsV1.ApproverKeyService.confirmApproverKey, confirm)
    router.unary(ApprovalsV1.ApproverKeyService.revokeApproverKey, revoke)
    router.unary(ApprovalsV1.ApproverKeyService.listApproverKeys, list)
  }

  private func register(
    _ request: ApprovalsV1.RegisterApproverKeyRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.RegisterApproverKeyResponse {
    let caller = try context.caller()
    let tenant = try caller.ownTenant()
    var violations = Violations()
    let publicKey = violations.unwrap(
      ApproverPublicKey(der: request.publicKey), "public_key",
      "must be an Ed25519 or P-256 key as SubjectPublicKeyInfo in DER")
    violations.text(request.label, "label", length: Limits.keyLabelLength)
    violations.require(request.signature != nil, "signature", "is missing")
    try violations.check()
    guard let publicKey, let signature = request.signature else {
      preconditionFailure("checked above")
    }
    try signatures.verify(signature, of: publicKey, by: caller.subject, in: tenant)

    let origin = EventOrigin(caller, in: context)
    let key = try await desk.store.write { transaction in
      try transaction.requireSteadyClock()
      guard let settings = try transaction.tenant(tenant)?.value else {
        throw RPCError.notFound("tenant")
      }
      let now = transaction.time.now
      return try transaction.register(
        ApproverKey(
          id: publicKey.id, tenant: tenant, approver: caller.subject, publicKey: publicKey.der,
          label: request.label, registerTime: now, usableTime: now + settings.keyWaitingTime),
        origin: origin)
    }
    return .init(key: .init(key))
  }

  private func confirm(
    _ request: ApprovalsV1.ConfirmApproverKeyRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ConfirmApproverKeyResponse {
    let caller = try context.caller()
    let origin = EventOrigin(caller, in: context)
    let admin = try caller.person().decider
    let key = try await change(request.keyID, by: caller) { key, transaction in
      try transaction.requireSteadyClock()
      return try transaction.confirm(key, by: admin, origin: origin)
    }
    return .init(key: .init(key))
  }

  private func revoke(
    _ request: ApprovalsV1.RevokeApproverKeyRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.RevokeApproverKeyResponse {
    let caller = try context.caller()
    let origin = EventOrigin(caller, in: context)
    let key = try await change(request.keyID, by: caller) { key, transaction in
      guard key.approver == caller.subject || caller.roles.contains(.admin) else {
        throw RPCError.denied
      }
      return try transaction.revoke(key, by: caller.subject, origin: origin)
    }
    return .init(key: .init(key))
  }

  private func list(
    _ request: ApprovalsV1.ListApproverKeysRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListApproverKeysResponse {
    let tenant = try context.caller().ownTenant()
    let keys = try await desk.store.read { try $0.keys(of: tenant) }
    return .init(keys: keys.map { .init($0) })
  }

  /// Changes a key of the caller's tenant; a foreign and a missing one answer alike (I6).
  private func change(
    _ id: [UInt8], by caller: Caller,
    _ body: @escaping @Sendable (ApproverKey, any ApprovalsTransaction) throws -> ApproverKey
  ) async throws -> ApproverKey {
    let tenant = try caller.ownTenant()
    return try await desk.store.write { transaction in
      guard let id = ApproverKeyID(id), let key = try transaction.key(id, of: tenant) else {
        throw RPCError.notFound("key")
      }
      return try body(key, transaction)
    }
  }
}
