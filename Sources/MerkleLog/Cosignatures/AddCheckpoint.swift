/// Why the body of an add-checkpoint request cannot be read.
public enum AddCheckpointError: Error, Hashable {
  /// No `old <size>` line, or one that is not decimal.
  case malformedOldSize
  /// More than 63 lines of proof, or one that is not the base64 of 32 bytes.
  case malformedProof
  case note(NoteError)
  case checkpoint(CheckpointError)
}

extension AddCheckpointError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformedOldSize: "the first line is not `old <size>`"
    case .malformedProof: "the proof is not at most 63 lines of base64 hashes and an empty line"
    case .note(let error): error.description
    case .checkpoint(let error): error.description
    }
  }
}

/// The body of `POST <prefix>/add-checkpoint` (C2SP tlog-witness v1).
public struct AddCheckpoint: Sendable, Hashable {
  /// The size of the checkpoint that the witness cosigned last, as its caller believes.
  public let oldSize: UInt64
  /// From the old size to the checkpoint's.
  public let proof: [Hash]
  public let note: SignedNote
  /// The note's.
  public let checkpoint: Checkpoint

  public static let longestProof = 63

  /// - Throws: `checkpoint` where the note is none.
  public init(
    oldSize: UInt64, proof: [Hash], note: SignedNote
  ) throws(AddCheckpointError) {
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
    do {
      checkpoint = try Checkpoint(parsing: note.text)
    } catch {
      throw .checkpoint(error)
    }
  }

  public init(parsing body: [UInt8]) throws(AddCheckpointError) {
    let newline = UInt8(ascii: "\n")
    var rest = body[...]
    func line() -> ArraySlice<UInt8>? {
      guard let end = rest.firstIndex(of: newline) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return rest[..<end]
    }
    let prefix = Array("old ".utf8)
    guard let first = line(), first.starts(with: prefix),
      let old = Decimal.decode(String(decoding: first.dropFirst(prefix.count), as: UTF8.self))
    else { throw .malformedOldSize }
    var proof: [Hash] = []
    while true {
      guard let text = line() else { throw .malformedProof }
      if text.isEmpty { break }
      guard proof.count < Self.longestProof,
        let hash = Base64.decode(String(decoding: text, as: UTF8.self)).flatMap({ Hash($0) })
      else { throw .malformedProof }
      proof.append(hash)
    }
    let note: SignedNote
    do {
      note = try SignedNote(parsing: Array(rest))
    } catch {
      throw .note(error)
    }
    try self.init(oldSize: old, proof: proof, note: note)
  }

  public var body: String {
    "old \(oldSize)\n" + proof.map { "\($0)\n" }.joined() + "\n" + note.serialized
  }
}
