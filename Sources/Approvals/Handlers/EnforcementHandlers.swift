internal import AccessToken
internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import RPC
internal import ServiceKit

/// What `lockbox.approvals.v1.GrantService` has for those who enforce grants.
struct EnforcementHandlers: Sendable {
  let desk: Desk
  let keys: SigningKeys
  let issuer: String
  let audience: String

  func add(people: inout Router, service: inout Router) {
    people.unary(ApprovalsV1.GrantService.introspect, introspect)
    people.unary(ApprovalsV1.GrantService.listSigningKeys, listKeys)
    service.unary(ApprovalsV1.GrantService.introspect, introspect)
    service.unary(ApprovalsV1.GrantService.listSigningKeys, listKeys)
  }

  private func introspect(
    _ request: ApprovalsV1.IntrospectRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.IntrospectResponse {
    let caller = try context.caller()
    guard
      let claims = AccessTokenVerifier.signedClaims(request.accessToken, by: keys.publicKeys),
      let stored = try await desk.store.read({ try $0.request(ofGrant: claims.grant.id) }),
      caller.mayIntrospect(stored.record), isLive(claims, of: stored.record),
      let grant = stored.record.grant
    else { return .init(active: false) }
    return .init(
      active: true, tokenID: claims.tokenID.description, expireTime: .init(claims.expireTime),
      grant: .init(grant, of: stored.record),
      confirmation: claims.confirmation.map { .init($0) })
  }

  private func isLive(_ claims: AccessTokenClaims, of record: RequestRecord) -> Bool {
    let now = desk.now
    guard let grant = record.grant, record.state(at: now) == .approved,
      grant.start <= now, claims.grant.end <= grant.end,
      claims.issueTime <= now + Limits.clockTolerance, now < claims.expireTime
    else { return false }
    let request = record.request
    return claims.issuer.utf8.elementsEqual(issuer.utf8)
      && claims.audience.utf8.elementsEqual(audience.utf8)
      && claims.grant.request == request.id && claims.grant.tenant == request.tenant
      && claims.grant.engineer == request.engineer
      && claims.grant.requestDigest == request.digest
  }

  private func listKeys(
    _ request: ApprovalsV1.ListSigningKeysRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListSigningKeysResponse {
    let published = keys.published
    return .init(
      keys: published.map {
        .init(keyID: $0.id, publicKey: $0.key.bytes, state: .init($0.state))
      }, jwks: String(decoding: keys.publicKeys.json, as: UTF8.self))
  }
}

extension Caller {
  /// An enforcement point may ask about every token, everybody else about those of requests that
  /// they may see.
  fileprivate func mayIntrospect(_ record: RequestRecord) -> Bool {
    switch principal {
    case .service: true
    case .person: maySee(record.request.tenant, requestedBy: record.request.engineer)
    }
  }
}

extension CommonV1.Confirmation {
  init(_ confirmation: Confirmation) {
    switch confirmation {
    case .certificate(let sha256): self.init(certificateSha256: sha256)
    case .key(let thumbprint): self.init(keyThumbprint: thumbprint)
    }
  }
}

extension ApprovalsV1.SigningKeyState {
  fileprivate init(_ state: SigningKeys.Published.State) {
    self =
      switch state {
      case .next: .next
      case .active: .active
      case .retired: .retired
      }
  }
}
