/// A text with signatures under it (C2SP signed-note v1.0.0).
public struct SignedNote: Sendable, Hashable {
  /// Ends in a newline.
  public let text: String
  public let signatures: [NoteSignature]

  /// Signatures included. Checkpoints have a few hundred bytes; this only bounds the work.
  public static let maximumByteCount = 1_000_000

  /// The format asks for at least 16.
  public static let maximumSignatureCount = 100

  /// Signs a text.
  ///
  /// - Throws: `textWithoutNewline`, `controlCharacter`, `tooLarge`, `tooManySignatures`.
  public init(text: String, signers: [NoteSigner]) throws(NoteError) {
    let bytes = Array(text.utf8)
    guard bytes.last == newline else { throw .textWithoutNewline }
    try Self.checkCharacters(bytes)
    guard signers.count <= Self.maximumSignatureCount else { throw .tooManySignatures }
    self.text = text
    signatures = signers.map { $0.sign(bytes) }
    guard serialized.utf8.count <= Self.maximumByteCount else { throw .tooLarge }
  }

  init(text: String, kept signatures: [NoteSignature]) {
    self.text = text
    self.signatures = signatures
  }

  /// - Throws: `tooManySignatures`, `tooLarge`.
  init(text: String, signatures: [NoteSignature]) throws(NoteError) {
    self.text = text
    self.signatures = signatures
    guard signatures.count <= Self.maximumSignatureCount else { throw .tooManySignatures }
    guard serialized.utf8.count <= Self.maximumByteCount else { throw .tooLarge }
  }

  /// Takes a note apart; says nothing yet of its signatures' truth.
  public init(parsing note: String) throws(NoteError) { try self.init(parsing: Array(note.utf8)) }

  /// Takes a note apart; says nothing yet of its signatures' truth.
  public init(parsing note: [UInt8]) throws(NoteError) {
    guard note.count <= Self.maximumByteCount else { throw .tooLarge }
    guard String(validating: note, as: UTF8.self) != nil else { throw .notUTF8 }
    try Self.checkCharacters(note)
    guard note.last == newline, let blank = Self.lastBlankLine(in: note), blank + 1 < note.count
    else { throw .unsigned }
    let lines = note[(blank + 1)...].dropLast().split(
      separator: newline, omittingEmptySubsequences: false)
    guard lines.count <= Self.maximumSignatureCount else { throw .tooManySignatures }
    var signatures: [NoteSignature] = []
    for (number, line) in lines.enumerated() {
      guard let signature = NoteSignature(line: line) else {
        throw .malformedSignatureLine(number + 1)
      }
      signatures.append(signature)
    }
    text = String(decoding: note[..<blank], as: UTF8.self)
    self.signatures = signatures
  }

  /// The note as sent and stored.
  public var serialized: String {
    text + "\n" + signatures.map { $0.line + "\n" }.joined()
  }

  /// The known keys that signed the text; lines of unknown keys are ignored.
  ///
  /// - Throws: `invalidSignature` if one line of a known key does not fit, `noKnownKey`.
  public func verify(_ verifiers: [NoteVerifier]) throws(NoteError) -> Set<KeyName> {
    let bytes = Array(text.utf8)
    var names: Set<KeyName> = []
    for signature in signatures {
      // Four bytes of key id may be shared by two known keys of one name: one must fit.
      let known = verifiers.filter { $0.name == signature.name && $0.keyID == signature.keyID }
      guard !known.isEmpty else { continue }
      guard known.contains(where: { $0.isValid(signature, for: bytes) }) else {
        throw .invalidSignature(signature.name)
      }
      names.insert(signature.name)
    }
    guard !names.isEmpty else { throw .noKnownKey }
    return names
  }

  private static func checkCharacters(_ bytes: [UInt8]) throws(NoteError) {
    guard bytes.allSatisfy({ $0 >= 0x20 || $0 == newline }) else { throw .controlCharacter }
  }

  /// Where the last blank line's newline is; the text goes up to it.
  private static func lastBlankLine(in note: [UInt8]) -> Int? {
    note.indices.dropFirst().last { note[$0] == newline && note[$0 - 1] == newline }
  }
}

private let newline = UInt8(ascii: "\n")
