internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import SignedStatement

extension ApprovalsTransaction {
  /// Keeps a new key of the caller's. The same key again by the same person is answered alike.
  func register(_ key: ApproverKey, origin: EventOrigin) throws -> ApproverKey {
    if let present = try self.key(key.id, of: key.tenant) {
      guard present.approver == key.approver, present.revocation == nil else {
        throw RPCError.keyInUse
      }
      return present
    }
    guard try keys(of: key.tenant).count < Limits.keyCount else {
      throw RPCError(.resourceExhausted, "the tenant has as many keys as it may have")
    }
    return try keep(key, origin: origin) { .approverKeyRegistered(.init(key: $0)) }
  }

  func confirm(_ key: ApproverKey, by admin: Person, origin: EventOrigin) throws -> ApproverKey {
    let confirmed = try key.confirmed(by: try known(admin, in: key.tenant), at: time.now)
    guard confirmed != key else { return key }
    return try keep(confirmed, origin: origin) { .approverKeyConfirmed(.init(key: $0)) }
  }

  func revoke(_ key: ApproverKey, by person: Subject, origin: EventOrigin) throws -> ApproverKey {
    let revoked = key.revoked(by: person, at: time.now)
    guard revoked != key else { return key }
    return try keep(revoked, origin: origin) { .approverKeyRevoked(.init(key: $0)) }
  }

  private func keep(
    _ key: ApproverKey, origin: EventOrigin,
    _ payload: (CommonV1.ApproverKey) -> EventV1.Event.Payload
  ) throws -> ApproverKey {
    try save(key)
    let draft = EventDraft(
      time: time.now, tenant: key.tenant, request: nil, origin: origin,
      payload: payload(.init(key)))
    try append { try draft.serialized(feed: feedName, sequence: $0) }
    return key
  }

  /// Settings that demand signatures need people who can sign: else nobody could approve any more.
  func requireSomebodyCanSign(_ settings: TenantSettings) throws {
    guard settings.lockboxEnabled, settings.requiresSignedDecisions else { return }
    let now = time.now
    let owners = try humans(
      among: Set(try keys(of: settings.tenant).filter { $0.isUsable(at: now) }.map(\.approver)),
      in: settings.tenant)
    let quorum = settings.approversInUse.map(\.approvers.quorum).max() ?? 0
    guard owners >= quorum else {
      throw RPCError.reasoned(
        .failedPrecondition,
        """
        only \(owners) people of the tenant have a key that counts, and the quorum is \
        \(quorum): nobody could approve
        """, reason: "NO_USABLE_KEYS")
    }
  }
}

extension CommonV1.ApproverKey {
  init(_ key: ApproverKey) {
    self.init(
      key, algorithm: ApproverPublicKey(der: key.publicKey)?.algorithm ?? .unspecified)
  }
}

extension RPCError {
  fileprivate static var keyInUse: RPCError {
    .reasoned(
      .alreadyExists, "the key was registered before, by a colleague or until it was revoked",
      reason: "KEY_IN_USE")
  }
}
