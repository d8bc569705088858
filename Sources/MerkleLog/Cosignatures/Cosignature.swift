/// What a witness says of a checkpoint: at this time, this is the largest tree of the log that it
/// has seen, and it goes on from every one before (C2SP tlog-cosignature v1, Ed25519).
public struct Cosignature: Sendable, Hashable {
  public let name: KeyName
  public let keyID: KeyID
  /// Seconds since 1970; never 0.
  public let time: UInt64
  /// 64 bytes.
  public let signature: [UInt8]

  /// Nil for a line that cannot be an Ed25519 cosignature.
  public init?(_ line: NoteSignature) {
    guard line.signature.count == 72 else { return nil }
    let time = line.signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard time > 0, time <= UInt64(Int64.max) else { return nil }
    name = line.name
    keyID = line.keyID
    self.time = time
    signature = Array(line.signature.dropFirst(8))
  }

  init(name: KeyName, keyID: KeyID, time: UInt64, signature: [UInt8]) {
    precondition(time > 0 && time <= UInt64(Int64.max), "a time that no cosignature may have")
    self.name = name
    self.keyID = keyID
    self.time = time
    self.signature = signature
  }

  /// As it stands below a note.
  public var line: NoteSignature {
    let bytes = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: time >> $0) }
    return NoteSignature(name: name, keyID: keyID, signature: bytes + signature)
  }

  /// What is signed: two lines, then the note's text.
  static func message(_ text: String, at time: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
  }
}

/// A witness' name and the public key that speaks for it.
public struct CosignatureVerifier: Sendable, Hashable {
  public let name: KeyName
  public let keyID: KeyID
  public let key: VerificationKey

  public init(name: KeyName, key: VerificationKey) {
    self.name = name
    self.key = key
    keyID = KeyID(name: name, type: .cosignature, key: key)
  }

  /// Reads `name+<8 hex digits of the key id>+<base64(0x04 ‖ key)>`.
  public init(vkey: String) throws(VerifierKeyError) {
    let text = try VerifierKeyText(vkey)
    guard text.type == KeyType.cosignature.rawValue else { throw .unsupportedType(text.type) }
    self.init(name: text.name, key: try text.ed25519Key())
    guard text.keyID == keyID.description else { throw .keyIDMismatch }
  }

  public var vkey: String { VerifierKeyText.text(name, keyID, .cosignature, key) }

  /// Whether the witness said this of a note's text.
  public func isValid(_ cosignature: Cosignature, for text: String) -> Bool {
    cosignature.name == name && cosignature.keyID == keyID
      && key.isValid(
        signature: cosignature.signature, for: Cosignature.message(text, at: cosignature.time))
  }
}

/// A witness' name and private key.
public struct CosignatureSigner: Sendable {
  public let verifier: CosignatureVerifier
  private let key: SigningKey

  /// - Parameter key: of this witness alone: what is signed does not hold its name.
  public init(name: KeyName, key: SigningKey) {
    verifier = CosignatureVerifier(name: name, key: key.publicKey)
    self.key = key
  }

  /// The caller answers for what this says: that the tree is consistent with all it has cosigned.
  ///
  /// - Parameter time: seconds since 1970, 1 to 2^63 - 1.
  public func cosign(_ checkpoint: Checkpoint, at time: UInt64) -> Cosignature {
    Cosignature(
      name: verifier.name, keyID: verifier.keyID, time: time,
      signature: key.sign(Cosignature.message(checkpoint.text, at: time)))
  }
}

extension SignedNote {
  /// What the known witnesses say of the text, the newest word of each; lines of others are ignored.
  ///
  /// - Throws: `invalidSignature` if one line of a known witness does not fit.
  public func cosignatures(
    by witnesses: [CosignatureVerifier]
  ) throws(NoteError) -> [Cosignature] {
    var newest: [CosignatureVerifier: Cosignature] = [:]
    for line in signatures {
      let known = witnesses.filter { $0.name == line.name && $0.keyID == line.keyID }
      guard !known.isEmpty else { continue }
      guard let cosignature = Cosignature(line),
        let witness = known.first(where: { $0.isValid(cosignature, for: text) })
      else { throw .invalidSignature(line.name) }
      if cosignature.time >= newest[witness]?.time ?? 0 { newest[witness] = cosignature }
    }
    return witnesses.compactMap { newest.removeValue(forKey: $0) }
  }

  /// The same text with only some of the signatures below.
  public func keeping(_ isKept: (NoteSignature) -> Bool) -> SignedNote {
    SignedNote(text: text, kept: signatures.filter(isKept))
  }

  /// The same text with more signatures below, those that it has already left out.
  ///
  /// - Throws: `tooManySignatures`, `tooLarge`.
  public func adding(_ more: [NoteSignature]) throws(NoteError) -> SignedNote {
    try SignedNote(text: text, signatures: signatures + more.filter { !signatures.contains($0) })
  }
}
