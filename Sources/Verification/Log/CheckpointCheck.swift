public import MerkleLog

/// Checks signed checkpoints of one log, alone and against older ones.
public struct CheckpointCheck: Sendable {
  private let log: NoteVerifier

  /// - Parameter log: the log's key; its name is the log's origin.
  public init(log: NoteVerifier) { self.log = log }

  /// Whether the log's own key signed it.
  ///
  /// - Parameter what: which one it is, for the report.
  public func signed(_ note: String, _ what: String, _ report: inout Report) -> Checkpoint? {
    do {
      let checkpoint = try Checkpoint(verifying: note, origin: log.name, verifiers: [log])
      report.hold(what, "size \(checkpoint.size), signed by \(log.name)")
      return checkpoint
    } catch {
      report.fail(what, "\(error)")
      return nil
    }
  }

  /// Whether the newer tree is the older one with entries appended.
  public func consistent(
    _ older: Checkpoint, _ newer: Checkpoint, proof: [Hash], _ report: inout Report
  ) {
    let check = "consistency"
    guard older.size <= newer.size else {
      report.fail(
        check,
        "the log once had \(older.size) entries and has \(newer.size): entries were taken away",
        entry: newer.size)
      return
    }
    do {
      try ConsistencyProof.verify(
        old: older.size, oldRoot: older.root, new: newer.size, newRoot: newer.root, proof: proof)
      report.hold(check, "the log of size \(older.size) is the beginning of that of \(newer.size)")
    } catch {
      report.fail(
        check,
        "entries before \(older.size) are others than those of the older checkpoint, or the proof "
          + "is wrong: \(error)")
    }
  }
}
