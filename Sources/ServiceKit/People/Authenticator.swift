public import Domain
internal import StrictJSON
internal import Synchronization

/// Turns a bearer token into the person it stands for, or refuses it.
public final class Authenticator: Sendable {
  private let issuers: IssuerDirectory
  private let clock: any WallClock
  private let cache: Mutex<TokenCache>

  /// How far an issuer's clock may be from ours.
  public static let leeway = Duration.seconds(30)
  /// The longest a token may live: who leaves the organisation must lose access within a day.
  public static let longestLifetime = Duration.hours(24)

  /// - Parameter capacity: How many verified tokens are remembered.
  public init(issuers: IssuerDirectory, clock: any WallClock, capacity: Int = 4096) {
    self.issuers = issuers
    self.clock = clock
    cache = Mutex(TokenCache(capacity: capacity))
  }

  /// Verifies the value of an `authorization` header: `Bearer <token>` (RFC 6750 §2.1).
  public func authenticate(authorization: String?) throws(TokenRefusal) -> VerifiedPerson {
    guard let authorization else { throw .missing }
    return try authenticate(Self.token(authorization))
  }

  private static func token(_ authorization: String) throws(TokenRefusal) -> [UInt8] {
    let scheme = "bearer "
    guard authorization.utf8.count > scheme.utf8.count else { throw .malformed }
    // The largest token is checked before anything is copied.
    guard authorization.utf8.count <= TokenParts.largest + scheme.utf8.count else {
      throw .tooLarge
    }
    let bytes = Array(authorization.utf8)
    let isBearer = bytes.starts(with: scheme.utf8) { byte, expected in
      byte == expected || (expected != 0x20 && byte | 0x20 == expected)
    }
    guard isBearer else { throw .malformed }
    return Array(bytes.dropFirst(scheme.utf8.count))
  }

  /// Verifies a token.
  public func authenticate(_ token: [UInt8]) throws(TokenRefusal) -> VerifiedPerson {
    guard token.count <= TokenParts.largest else { throw .tooLarge }
    let now = clock.now()
    let digest = Sha256.digest(token)
    let generation = issuers.generation
    if let person = cache.withLock({ $0.find(digest, generation: generation, now: now) }) {
      guard now < person.expiry + Self.leeway else { throw .expired }
      return person
    }
    let (person, usedGeneration, keysEnd) = try verify(token, now: now)
    cache.withLock {
      $0.insert(person, for: digest, generation: usedGeneration, keysEnd: keysEnd, now: now)
    }
    return person
  }

  private func verify(
    _ token: [UInt8], now: Timestamp
  ) throws(TokenRefusal) -> (VerifiedPerson, generation: UInt64, keysEnd: Timestamp) {
    let parts = try TokenParts(token)
    let (entry, generation) = try signer(of: parts, now: now)
    let claims = try Self.claims(of: parts, entry.issuer, for: entry.issuer.audience, now: now)
    let person = VerifiedPerson(
      subject: Subject(
        issuer: entry.issuer.url, id: claims.subject, displayName: claims.displayName),
      name: claims.policyName, affiliation: entry.issuer.affiliation, roles: claims.roles,
      groups: claims.groups, claims: claims.texts, scope: claims.scope, expiry: claims.expiry)
    return (person, generation, entry.keysEnd)
  }

  /// The issuer whose key has signed the token, and the generation of keys that it was looked up in.
  func signer(
    of parts: TokenParts, now: Timestamp
  ) throws(TokenRefusal) -> (IssuerDirectory.Entry, generation: UInt64) {
    guard let url = parts.claims["iss"]?.string, let (entry, generation) = issuers.find(url) else {
      throw .issuerUnknown
    }
    guard parts.keyID != nil || entry.issuer.allowsMissingKeyID,
      let key = entry.keys.key(parts.keyID)
    else { throw .keyUnknown }
    guard now < entry.keysEnd else { throw .keysTooOld }
    guard key.algorithm == parts.algorithm else { throw .algorithmMismatch }
    guard key.verify(parts.signature, over: parts.signed) else {
      // Without an id there is no telling whether it is the issuer's next key.
      throw parts.keyID == nil ? .keyUnknown : .signatureInvalid
    }
    return (entry, generation)
  }

  /// What a token says whose signature is good, for an audience and at a time.
  static func claims(
    of parts: TokenParts, _ issuer: Issuer, for audience: String, now: Timestamp
  ) throws(TokenRefusal) -> TokenClaims {
    let claims = try TokenClaims(parts.claims, of: issuer)
    guard claims.audiences.contains(where: { $0.utf8.elementsEqual(audience.utf8) })
    else { throw .audienceWrong }
    guard now < claims.expiry + leeway else { throw .expired }
    if let notBefore = claims.notBefore, now + leeway < notBefore { throw .notYetValid }
    guard claims.issuedAt <= now + leeway else { throw .issuedInFuture }
    guard claims.expiry - claims.issuedAt <= longestLifetime else { throw .lifetimeTooLong }
    return claims
  }

  var now: Timestamp { clock.now() }

  /// Asks the issuer whether it has the key of a token that was refused for its key, as often as
  /// `KeySchedule` allows.
  /// - Returns: whether there is a reason to look at the token again.
  func learnKey(of authorization: String) async -> Bool {
    guard let token = try? Self.token(authorization), let parts = try? TokenParts(token) else {
      return false
    }
    return await learnKey(of: parts)
  }

  func learnKey(of parts: TokenParts) async -> Bool {
    guard let url = parts.claims["iss"]?.string
    else { return false }
    return await issuers.learnKey(parts.keyID, of: url, at: clock.now())
  }
}
