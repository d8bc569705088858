internal import MerkleLog

/// The largest tree of a log that was cosigned.
struct CosignedTree: Hashable, Sendable {
  let size: UInt64
  let root: Hash
  /// Of the cosignature, in seconds since 1970.
  let time: UInt64
}

/// Why a checkpoint is not cosigned (C2SP tlog-witness v1, in the order of its checks).
enum WitnessRefusal: Error, Hashable {
  case malformed(AddCheckpointError)
  case unknownLog
  /// No key of the log has signed it, or a signature of one does not fit.
  case notSigned
  case oldSizeBeyondCheckpoint
  /// The caller does not know the size that was cosigned last.
  case otherSize(UInt64)
  /// The tree is not the one of this size, or does not go on from the last one.
  case inconsistent(ProofError)
}

/// Decides which checkpoints may be cosigned. Pure: what was cosigned before comes in from outside.
struct WitnessJudge: Sendable {
  private let logs: [KeyName: [NoteVerifier]]

  /// - Parameter logs: a log with several keys stands several times.
  init(_ logs: [NoteVerifier]) { self.logs = Dictionary(grouping: logs, by: \.name) }

  var origins: [KeyName] { Array(logs.keys) }

  /// Checks what needs no memory: that the log is known and has signed this.
  /// - Returns: the log's name, and the note with nothing below but what it signed itself.
  func authenticate(
    _ request: AddCheckpoint
  ) throws(WitnessRefusal) -> (origin: KeyName, note: SignedNote) {
    guard let origin = KeyName(request.checkpoint.origin), let keys = logs[origin] else {
      throw .unknownLog
    }
    guard (try? request.note.verify(keys)) != nil else { throw .notSigned }
    guard request.oldSize <= request.checkpoint.size else { throw .oldSizeBeyondCheckpoint }
    let note = request.note.keeping { line in
      keys.contains { $0.name == line.name && $0.keyID == line.keyID }
    }
    return (origin, note)
  }

  /// Checks that the tree goes on from the one that was cosigned last.
  static func check(
    _ request: AddCheckpoint, after last: CosignedTree?
  ) throws(WitnessRefusal) {
    let size = last?.size ?? 0
    guard request.oldSize == size else { throw .otherSize(size) }
    do {
      try ConsistencyProof.verify(
        old: size, oldRoot: last?.root ?? .emptyRoot, new: request.checkpoint.size,
        newRoot: request.checkpoint.root, proof: request.proof)
    } catch {
      throw .inconsistent(error)
    }
  }
}
