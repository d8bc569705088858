/// Why a verifier key's text is refused.
public enum VerifierKeyError: Error, Hashable {
  /// Not `name+<8 hexadecimal digits>+<base64>`.
  case malformed
  /// Another signature type than Ed25519 (0x01).
  case unsupportedType(UInt8)
  /// The text's key id is not that of its name and key.
  case keyIDMismatch
}

/// A name and the public key that speaks for it.
public struct NoteVerifier: Sendable, Hashable {
  public let name: KeyName
  public let keyID: KeyID
  public let key: VerificationKey

  public init(name: KeyName, key: VerificationKey) {
    self.name = name
    self.key = key
    keyID = KeyID(name: name, key: key)
  }

  /// Reads `name+<8 hex digits of the key id>+<base64(type ‖ key)>`.
  public init(vkey: String) throws(VerifierKeyError) {
    // The base64 may hold a plus itself: split at the first two only.
    let fields = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, let name = KeyName(String(fields[0])),
      let payload = Base64.decode(fields[2]), let type = payload.first
    else { throw .malformed }
    guard type == NoteSignature.ed25519 else { throw .unsupportedType(type) }
    guard let key = VerificationKey(Array(payload.dropFirst())) else { throw .malformed }
    self.init(name: name, key: key)
    guard fields[1] == keyID.description else { throw .keyIDMismatch }
  }

  public var vkey: String {
    "\(name)+\(keyID)+\(Base64.encode([NoteSignature.ed25519] + key.bytes))"
  }

  func isValid(_ signature: NoteSignature, for text: [UInt8]) -> Bool {
    key.isValid(signature: signature.signature, for: text)
  }
}

/// A name and the private key that speaks for it.
public struct NoteSigner: Sendable {
  public let verifier: NoteVerifier
  private let key: SigningKey

  public init(name: KeyName, key: SigningKey) {
    verifier = NoteVerifier(name: name, key: key.publicKey)
    self.key = key
  }

  public var name: KeyName { verifier.name }

  func sign(_ text: [UInt8]) -> NoteSignature {
    NoteSignature(name: name, keyID: verifier.keyID, signature: key.sign(text))
  }
}
