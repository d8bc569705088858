internal import MerkleLog

/// A log that does not go on from its own newest checkpoint: nothing more of it is signed.
struct CheckpointConflict: Error, Hashable {
  let log: LogName
  /// The checkpoint's.
  let size: UInt64
}

extension CheckpointConflict: CustomStringConvertible {
  var description: String {
    "\(log) does not contain what its signed checkpoint of size \(size) says"
  }
}

extension LogCheckpoint {
  /// Checks that the log still holds what this checkpoint says.
  ///
  /// - Throws: `CheckpointConflict`, or what the reader throws.
  func check(origin: KeyName, against reader: any LogReader) throws {
    let conflict = CheckpointConflict(log: log, size: size)
    guard let text = try? SignedNote(parsing: note).text,
      let checkpoint = try? Checkpoint(parsing: text), checkpoint.size == size,
      checkpoint.origin.utf8.elementsEqual(origin.rawValue.utf8), try size <= reader.size(),
      try TreeRoot.compute(size: size, nodes: reader.hash(of:)) == checkpoint.root
    else { throw conflict }
  }
}
