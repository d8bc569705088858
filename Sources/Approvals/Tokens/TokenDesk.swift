internal import AccessToken
internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// Hands out access tokens for live grants, each with its receipt.
struct TokenDesk: Sendable {
  let desk: Desk
  let receipts: any ReceiptSource
  let keys: SigningKeys
  let issuer: String
  let audience: String
  let lifetime: Duration

  struct Issued: Sendable {
    let token: String
    let expireTime: Timestamp
    let receipt: CommonV1.Receipt
  }

  /// - Throws: `notFound` unless the grant is the caller's, `GRANT_NOT_LIVE`, `GRANT_NOT_STARTED`,
  ///   `AUDIT_UNAVAILABLE`, `COSIGNATURES_MISSING`.
  func issue(
    for grantID: GrantID, to caller: Caller, bound confirmation: Confirmation?,
    origin: EventOrigin
  ) async throws -> Issued {
    let granted = try await desk.store.read { try $0.request(ofGrant: grantID) }
    guard let granted, granted.record.request.engineer == caller.subject else {
      throw RPCError.notFound("grant")
    }
    _ = try granted.liveGrant(at: desk.now)
    guard let event = granted.approvalEvent else {
      throw StoredMessageError(message: "grant without its event", id: grantID.description)
    }
    let receipt = try await receipts.receipt(
      of: event, in: granted.record.request.tenant,
      cosigned: granted.record.snapshot?.requiredCosignatures)

    // Looked at again in the transaction: the wait was long enough for a revocation.
    let lifetime = lifetime
    let (tokenID, issueTime, expireTime) = try await desk.store.write { transaction in
      try transaction.requireSteadyClock()
      let now = transaction.time.now
      guard let stored = try transaction.request(ofGrant: grantID) else {
        throw RPCError.notFound("grant")
      }
      let expireTime = min(now + lifetime, try stored.liveGrant(at: now).end)
      let tokenID = TokenID.make(at: now)
      let draft = EventDraft(
        time: now, tenant: stored.record.request.tenant, request: stored.record.request.id,
        origin: origin,
        payload: .accessTokenIssued(
          .init(
            grantID: grantID.description, tokenID: tokenID.description,
            expireTime: .init(expireTime),
            confirmation: confirmation.map { .init($0) })))
      try transaction.append { try draft.serialized(feed: feedName, sequence: $0) }
      return (tokenID, now, expireTime)
    }
    let claims = AccessTokenClaims(
      issuer: issuer, audience: audience, tokenID: tokenID, issueTime: issueTime,
      expireTime: expireTime, grant: try .init(granted, at: issueTime),
      confirmation: confirmation, receipt: receipt)
    return Issued(token: keys.signer.sign(claims), expireTime: expireTime, receipt: receipt)
  }
}

extension StoredRequest {
  /// The grant, if it gives access at `now`.
  fileprivate func liveGrant(at now: Timestamp) throws(RPCError) -> Grant {
    guard let grant = record.grant, record.state(at: now) == .approved else {
      throw .refused(.grantNotLive, state: record.state(at: now))
    }
    guard now >= grant.start else { throw .refused(.grantNotStarted, state: .approved) }
    return grant
  }
}

extension AccessTokenClaims.Grant {
  fileprivate init(_ stored: StoredRequest, at now: Timestamp) throws(RPCError) {
    let grant = try stored.liveGrant(at: now)
    let request = stored.record.request
    self.init(
      id: grant.id, request: request.id, tenant: request.tenant, engineer: request.engineer,
      requestDigest: request.digest, scope: grant.scope, start: grant.start, end: grant.end,
      isBreakGlass: request.isBreakGlass)
  }
}
