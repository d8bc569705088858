public import Domain
public import LockboxProto
public import MerkleLog

/// The public half of an approver's key: Ed25519, or P-256 behind WebAuthn.
public struct ApproverPublicKey: Sendable {
  /// SubjectPublicKeyInfo, DER (RFC 5280 §4.1.2.7).
  public let der: [UInt8]
  public let algorithm: CommonV1.SignatureAlgorithm
  private let handle: PublicKeyHandle

  /// Nil for any other kind of key, and for DER that is not canonical.
  public init?(der: [UInt8]) {
    guard let handle = PublicKeyHandle(der: der) else { return nil }
    if handle.isEd25519 {
      algorithm = .ed25519
    } else if handle.isP256 {
      algorithm = .webauthnEs256
    } else {
      return nil
    }
    self.der = der
    self.handle = handle
  }

  /// The public half of a key that signs without WebAuthn.
  public init(_ key: VerificationKey) {
    let der = Self.ed25519Prefix + key.bytes
    guard let read = ApproverPublicKey(der: der) else {
      preconditionFailure("an Ed25519 key that libcrypto does not read again")
    }
    self = read
  }

  /// SHA-256 of the DER.
  public var id: ApproverKeyID {
    guard let id = ApproverKeyID(SHA256.hash(der).bytes) else {
      preconditionFailure("a SHA-256 digest has 32 bytes")
    }
    return id
  }

  /// Whether the signature is this key's over the statement in it.
  ///
  /// - Parameter relyingParty: for whom WebAuthn assertions count; nil: for nobody.
  public func isSigned(
    _ signature: StatementSignature, relyingParty: WebAuthnRelyingParty?
  ) -> Bool {
    switch algorithm {
    case .ed25519:
      signature.authenticatorData.isEmpty && signature.clientDataJSON.isEmpty
        && handle.isValid(signature.signature, for: signature.statement, hash: nil)
    case .webauthnEs256:
      relyingParty?.vouches(for: signature) == true
        && handle.isValid(
          signature.signature,
          for: signature.authenticatorData + SHA256.hash(signature.clientDataJSON).bytes,
          hash: "SHA256")
    case .unspecified, .unrecognized: false
    }
  }

  /// Of every Ed25519 key (RFC 8410 §4): algorithm 1.3.101.112, a bit string of 32 bytes.
  private static let ed25519Prefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
}
