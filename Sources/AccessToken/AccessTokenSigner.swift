public import MerkleLog

/// Signs access tokens with one Ed25519 key.
public struct AccessTokenSigner: Sendable {
  public let keyID: String
  private let key: SigningKey

  /// - Parameter keyID: by default derived from the public key, so that signer and JWKS agree
  ///   without being told.
  public init(key: SigningKey, keyID: String? = nil) {
    self.key = key
    self.keyID = keyID ?? Self.keyID(of: key.publicKey)
  }

  /// Reads the key from a PEM file (PKCS #8, not encrypted, closed to others).
  public init(keyFile: String) throws(KeyFileError) {
    self.init(key: try SigningKey(contentsOf: keyFile))
  }

  public func sign(_ claims: AccessTokenClaims) -> String {
    CompactJWS.sign(
      canonicalJSON(ClaimsJSON(claims)), type: AccessTokenClaims.type, keyID: keyID, key: key)
  }

  public var publicKey: VerificationKey { key.publicKey }

  /// The keys that verify what this signer signs.
  public var publicKeys: PublicKeySet { PublicKeySet([keyID: key.publicKey]) }

  /// The first 16 hexadecimal digits of the public key's SHA-256.
  static func keyID(of key: VerificationKey) -> String {
    SHA256.hash(key.bytes).bytes.prefix(8).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }
}
