/// One signature line of a note.
public struct NoteSignature: Sendable, Hashable {
  public let name: KeyName
  public let keyID: KeyID
  /// 64 bytes for Ed25519; unknown keys may have other lengths.
  public let signature: [UInt8]

  /// `— <name> <base64(key id ‖ signature)>`, without the newline.
  public var line: String { "— \(name) \(Base64.encode(keyID.bigEndianBytes + signature))" }

  init(name: KeyName, keyID: KeyID, signature: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.signature = signature
  }

  /// The lines that stand below a note, or in a witness' answer; nil where one is malformed.
  ///
  /// - Parameter text: every line with its newline.
  public static func lines(_ text: [UInt8]) -> [NoteSignature]? {
    let newline = UInt8(ascii: "\n")
    guard text.last == newline else { return text.isEmpty ? [] : nil }
    var signatures: [NoteSignature] = []
    for line in text.dropLast().split(separator: newline, omittingEmptySubsequences: false) {
      guard let signature = NoteSignature(line: line) else { return nil }
      signatures.append(signature)
    }
    return signatures
  }

  /// Nil for a malformed line.
  init?(line: ArraySlice<UInt8>) {
    let dash = Array("— ".utf8)
    guard line.starts(with: dash) else { return nil }
    let fields = line.dropFirst(dash.count).split(
      separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard fields.count == 2,
      let name = String(validating: fields[0], as: UTF8.self).flatMap({ KeyName($0) }),
      let payload = Base64.decode(String(decoding: fields[1], as: UTF8.self)), payload.count > 4
    else { return nil }
    self.init(
      name: name, keyID: KeyID(bigEndian: payload.prefix(4)),
      signature: Array(payload.dropFirst(4)))
  }
}
