public import Domain
internal import StrictJSON

/// What a client learns of whom an issuer has signed in.
public struct SignedInSubject: Hashable, Sendable {
  public let subject: Subject
  public let expiry: Timestamp
}

extension Authenticator {
  /// Verifies an ID token that came from the issuer's token endpoint (OpenID Connect Core 1.0
  /// §3.1.3.7), asking for the issuer's keys where they are not known yet.
  ///
  /// - Parameters:
  ///   - issuer: the one that was asked; no other one's token will do.
  ///   - client: our client id there: the audience, and where there are several the authorized party.
  ///   - nonce: what the sign-in was begun with; nil for a refreshed one, which need not say it.
  public func signedIn(
    idToken: [UInt8], from issuer: String, client: String, nonce: String?
  ) async throws(TokenRefusal) -> SignedInSubject {
    let parts = try TokenParts(idToken, kind: .id)
    guard parts.claims["iss"]?.string.map({ $0.utf8.elementsEqual(issuer.utf8) }) ?? false else {
      throw .issuerUnknown
    }
    let entry = try await knownSigner(of: parts)
    let claims = try Self.claims(of: parts, entry.issuer, for: client, now: now)
    let party = parts.claims["azp"]?.string
    guard party.map({ $0.utf8.elementsEqual(client.utf8) }) ?? (claims.audiences.count == 1) else {
      throw .audienceWrong
    }
    if let nonce {
      guard parts.claims["nonce"]?.string.map({ $0.utf8.elementsEqual(nonce.utf8) }) ?? false else {
        throw .nonceWrong
      }
    }
    return SignedInSubject(
      subject: Subject(issuer: issuer, id: claims.subject, displayName: claims.displayName),
      expiry: claims.expiry)
  }

  /// Verifies a token that the API is to be called with, asking for the issuer's keys where they are
  /// not known yet.
  public func person(of token: [UInt8]) async throws(TokenRefusal) -> VerifiedPerson {
    do throws(TokenRefusal) {
      return try authenticate(token)
    } catch {
      guard error.isForKeys, await learnKey(of: try TokenParts(token)) else { throw error }
      return try authenticate(token)
    }
  }

  private func knownSigner(of parts: TokenParts) async throws(TokenRefusal) -> IssuerDirectory.Entry
  {
    do throws(TokenRefusal) {
      return try signer(of: parts, now: now).0
    } catch {
      guard error.isForKeys, await learnKey(of: parts) else { throw error }
      return try signer(of: parts, now: now).0
    }
  }
}
