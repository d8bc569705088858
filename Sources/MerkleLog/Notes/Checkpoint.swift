/// Why a text is no checkpoint.
public enum CheckpointError: Error, Hashable {
  /// Fewer than three lines, an empty line, or no newline at the end.
  case malformed
  /// Not decimal, a leading zero, or more than 63 bits.
  case invalidSize
  /// Not the base64 of 32 bytes.
  case invalidRoot
}

/// What a log says of itself at one size (C2SP tlog-checkpoint v1.0.0).
public struct Checkpoint: Sendable, Hashable {
  /// The log's name, on the first line.
  public let origin: String
  /// The number of entries.
  public let size: UInt64
  public let root: Hash
  /// Lines after the root; Lockbox writes none.
  public let extensions: [String]

  /// - Precondition: `size` has at most 63 bits.
  public init(origin: KeyName, size: UInt64, root: Hash) {
    precondition(size <= Self.largestSize, "a tree larger than the format allows")
    self.origin = origin.rawValue
    self.size = size
    self.root = root
    extensions = []
  }

  /// Reads a signed note's text.
  public init(parsing text: String) throws(CheckpointError) {
    // Bytes, because Swift takes "\r\n" for one character.
    let newline = UInt8(ascii: "\n")
    let bytes = Array(text.utf8)
    guard bytes.last == newline else { throw .malformed }
    let lines = bytes.dropLast().split(separator: newline, omittingEmptySubsequences: false)
    guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }) else { throw .malformed }
    let texts = lines.map { String(decoding: $0, as: UTF8.self) }
    guard let size = Decimal.decode(texts[1]), size <= Self.largestSize else {
      throw .invalidSize
    }
    guard let root = Hash(base64: texts[2]) else { throw .invalidRoot }
    origin = texts[0]
    self.size = size
    self.root = root
    extensions = Array(texts[3...])
  }

  /// The text that is signed.
  public var text: String {
    ([origin, String(size), root.description] + extensions).map { $0 + "\n" }.joined()
  }

  /// The signed note.
  public func signed(by signers: [NoteSigner]) throws(NoteError) -> SignedNote {
    try SignedNote(text: text, signers: signers)
  }

  private static let largestSize = UInt64(Int64.max)
}

extension CheckpointError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed: "the checkpoint does not consist of origin, size and root lines"
    case .invalidSize: "the checkpoint's size is not a decimal number of at most 63 bits"
    case .invalidRoot: "the checkpoint's root is not a base64 hash"
    }
  }
}
