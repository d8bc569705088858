/// Why a note is malformed or not to be trusted.
public enum NoteError: Error, Hashable {
  /// More than `SignedNote.maximumByteCount` bytes.
  case tooLarge
  case notUTF8
  /// A character below U+0020 other than the newline.
  case controlCharacter
  /// No blank line with signature lines after it, or the note does not end in a newline.
  case unsigned
  /// The text to be signed does not end in a newline.
  case textWithoutNewline
  /// Counted from 1 within the signature lines.
  case malformedSignatureLine(Int)
  /// More than `SignedNote.maximumSignatureCount` lines.
  case tooManySignatures
  /// The signature of a known key does not fit.
  case invalidSignature(KeyName)
  /// No line is of a known key.
  case noKnownKey
}

extension NoteError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLarge: "the note is larger than \(SignedNote.maximumByteCount) bytes"
    case .notUTF8: "the note is not UTF-8"
    case .controlCharacter: "the note holds a control character"
    case .unsigned: "the note has no signatures"
    case .textWithoutNewline: "the note's text does not end in a newline"
    case .malformedSignatureLine(let line): "signature line \(line) of the note is malformed"
    case .tooManySignatures:
      "the note has more than \(SignedNote.maximumSignatureCount) signatures"
    case .invalidSignature(let name): "the signature by \(name) is not valid"
    case .noKnownKey: "the note is signed by no known key"
    }
  }
}
