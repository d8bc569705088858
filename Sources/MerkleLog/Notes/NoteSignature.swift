/// One signature line of a note.
public struct NoteSignature: Sendable, Hashable {
  public let name: KeyName
  public let keyID: KeyID
  /// 64 bytes for Ed25519; unknown keys may have other lengths.
  public let signature: [UInt8]

  /// The signature type byte of Ed25519 (C2SP signed-note).
  static let ed25519: UInt8 = 0x01

  /// `— <name> <base64(key id ‖ signature)>`, without the newline.
  var line: String { "— \(name) \(Base64.encode(keyID.bigEndianBytes + signature))" }

  init(name: KeyName, keyID: KeyID, signature: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.signature = signature
  }

  /// Nil for a malformed line.
  init?(line: ArraySlice<UInt8>) {
    let dash = Array("— ".utf8)
    guard line.starts(with: dash) else { return nil }
    let fields = line.dropFirst(dash.count).split(
      separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard fields.count == 2, let name = KeyName(String(decoding: fields[0], as: UTF8.self)),
      let payload = Base64.decode(String(decoding: fields[1], as: UTF8.self)), payload.count > 4
    else { return nil }
    self.init(
      name: name, keyID: KeyID(bigEndian: payload.prefix(4)),
      signature: Array(payload.dropFirst(4)))
  }
}
