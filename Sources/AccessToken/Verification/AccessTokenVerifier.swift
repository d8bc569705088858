public import Domain
internal import LockboxProto
public import MerkleLog

/// Checks access tokens offline: signature, times, and the receipt that proves the approval.
///
/// What it cannot see is a revocation: a revoked grant's token lives until its expiry, at most
/// `Limits.accessTokenLifetime`.
public struct AccessTokenVerifier: Sendable {
  private let keys: PublicKeySet
  private let issuer: String
  private let audience: String
  private let logs: [TenantID: NoteVerifier]
  private let cosigners: [TenantID: Cosigners]

  /// - Parameters:
  ///   - keys: of the approvals service.
  ///   - issuer: the only `iss` to take.
  ///   - audience: the only `aud` to take.
  ///   - logs: the key of each tenant's log; its name is the log's origin.
  ///   - cosigners: who must have cosigned the checkpoints of a tenant's receipts; nobody where a
  ///     tenant is not there.
  public init(
    keys: PublicKeySet, issuer: String, audience: String, logs: [TenantID: NoteVerifier],
    cosigners: [TenantID: Cosigners] = [:]
  ) {
    self.keys = keys
    self.issuer = issuer
    self.audience = audience
    self.logs = logs
    self.cosigners = cosigners
  }

  public func verify(_ token: String, at now: Timestamp) -> Verdict {
    var list = Checklist()
    guard let payload = signedPayload(token, &list) else { return list.verdict(nil) }
    let claims: AccessTokenClaims
    do {
      claims = try ClaimsJSON.parse(payload).claims()
      list.pass(.claims, "token \(claims.tokenID)")
    } catch {
      let claim = error.claim.isEmpty ? "the payload" : "the claim \(error.claim)"
      list.fail(.claims, "\(claim) is missing or malformed")
      return list.verdict(nil)
    }
    list.check(
      .issuer, identical(claims.issuer, issuer), claims.issuer,
      else: "issued by \(claims.issuer), not by \(issuer)")
    list.check(
      .audience, identical(claims.audience, audience), claims.audience,
      else: "meant for \(claims.audience), not for \(audience)")
    list.times(claims, now: now)
    list.receipt(claims, logs: logs)
    list.cosignatures(claims.receipt, cosigners[claims.grant.tenant])
    return list.verdict(claims)
  }

  /// What an access token says, without any check: for people to look at, never to act on.
  public static func unverifiedClaims(_ token: String) -> AccessTokenClaims? {
    guard let token = CompactJWS(token), let json = try? ClaimsJSON.parse(token.payload) else {
      return nil
    }
    return try? json.claims()
  }

  /// What a token says that one of `keys` signed; nil for every other token. Says nothing of its
  /// times, of whom it is for, nor of its receipt.
  public static func signedClaims(_ token: String, by keys: PublicKeySet) -> AccessTokenClaims? {
    guard let token = CompactJWS(token), token.header.alg == CompactJWS.algorithm,
      token.header.typ == AccessTokenClaims.type, let key = keys.keys[token.header.kid],
      token.isSigned(by: key)
    else { return nil }
    return try? ClaimsJSON.parse(token.payload).claims()
  }

  private func signedPayload(_ token: String, _ list: inout Checklist) -> [UInt8]? {
    guard let token = CompactJWS(token) else {
      list.fail(.format, "not a signed token: three base64url parts parted by dots")
      return nil
    }
    list.pass(.format, "compact JWS")
    let header = token.header
    guard
      list.check(
        .algorithm, header.alg == CompactJWS.algorithm, header.alg,
        else: "signed with \(header.alg), not with \(CompactJWS.algorithm)"),
      list.check(
        .type, header.typ == AccessTokenClaims.type, header.typ,
        else: "a token of type \(header.typ), not \(AccessTokenClaims.type)")
    else { return nil }
    guard let key = keys.keys[header.kid] else {
      list.fail(.key, "signed with the key \(header.kid), which is not among the trusted keys")
      return nil
    }
    list.pass(.key, header.kid)
    guard
      list.check(
        .signature, token.isSigned(by: key), "Ed25519",
        else: "the signature is not the one of key \(header.kid)")
    else { return nil }
    return token.payload
  }
}

extension Checklist {
  /// Beginnings get the tolerance that clocks need, ends none.
  fileprivate mutating func times(_ claims: AccessTokenClaims, now: Timestamp) {
    let grant = claims.grant
    check(
      .issued, claims.issueTime <= now + Limits.clockTolerance, "at \(claims.issueTime)",
      else: "issued at \(claims.issueTime), which is still to come")
    check(
      .expiry, now < claims.expireTime, "at \(claims.expireTime)",
      else: "expired at \(claims.expireTime)")
    check(
      .lifetime,
      claims.expireTime - claims.issueTime <= Limits.accessTokenLifetime
        && claims.expireTime <= grant.end,
      "\((claims.expireTime - claims.issueTime).components.seconds) s",
      else: "lives longer than \(Limits.accessTokenLifetime.components.seconds) s or than its grant"
    )
    check(
      .window, grant.start <= now + Limits.clockTolerance && now < grant.end,
      "\(grant.start) to \(grant.end)",
      else: now < grant.end
        ? "the grant begins only at \(grant.start)" : "the grant ended at \(grant.end)")
  }
}
