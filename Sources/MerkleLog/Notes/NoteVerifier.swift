/// A name and the public key that speaks for it.
public struct NoteVerifier: Sendable, Hashable {
  public let name: KeyName
  public let keyID: KeyID
  public let key: VerificationKey

  public init(name: KeyName, key: VerificationKey) {
    self.name = name
    self.key = key
    keyID = KeyID(name: name, type: .ed25519, key: key)
  }

  /// Reads `name+<8 hex digits of the key id>+<base64(type ‖ key)>`.
  public init(vkey: String) throws(VerifierKeyError) {
    let text = try VerifierKeyText(vkey)
    guard text.type == KeyType.ed25519.rawValue else { throw .unsupportedType(text.type) }
    self.init(name: text.name, key: try text.ed25519Key())
    guard text.keyID == keyID.description else { throw .keyIDMismatch }
  }

  public var vkey: String {
    VerifierKeyText.text(name, keyID, .ed25519, key)
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
