/// The byte that says what a key of a note signs, and how (C2SP signed-note).
enum KeyType: UInt8 {
  case ed25519 = 0x01
  /// Timestamped cosignatures of checkpoints (C2SP tlog-cosignature).
  case cosignature = 0x04
}

/// Why a verifier key's text is refused.
public enum VerifierKeyError: Error, Hashable {
  /// Not `name+<8 hexadecimal digits>+<base64>`.
  case malformed
  /// Another type than the one that is wanted: 0x01 for a log's key, 0x04 for a witness'.
  case unsupportedType(UInt8)
  /// The text's key id is not that of its name and key.
  case keyIDMismatch
}

extension VerifierKeyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed: "not a verifier key: name+<8 hexadecimal digits>+<base64>"
    case .unsupportedType(let type): "a verifier key of type \(type), which is not for this"
    case .keyIDMismatch: "a verifier key whose id is not that of its name and key"
    }
  }
}

/// `name+<8 hex digits of the key id>+<base64(type ‖ key)>`, taken apart.
struct VerifierKeyText {
  let name: KeyName
  let keyID: Substring
  let type: UInt8
  private let key: [UInt8]

  init(_ vkey: String) throws(VerifierKeyError) {
    // The base64 may hold a plus itself: split at the first two only.
    let fields = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, let name = KeyName(String(fields[0])),
      let payload = Base64.decode(fields[2]), let type = payload.first
    else { throw .malformed }
    self.name = name
    keyID = fields[1]
    self.type = type
    key = Array(payload.dropFirst())
  }

  func ed25519Key() throws(VerifierKeyError) -> VerificationKey {
    guard let key = VerificationKey(key) else { throw .malformed }
    return key
  }

  static func text(
    _ name: KeyName, _ keyID: KeyID, _ type: KeyType, _ key: VerificationKey
  ) -> String {
    "\(name)+\(keyID)+\(Base64.encode([type.rawValue] + key.bytes))"
  }
}
