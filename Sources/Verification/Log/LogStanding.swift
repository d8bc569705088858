public import LockboxProto
public import MerkleLog

/// A log's newest checkpoint, signed by the log's key, and shown to go on from one that was seen
/// before.
public struct LogStanding: Hashable, Sendable {
  /// As signed: whoever keeps it can hold the log to it.
  public let note: String
  public let checkpoint: Checkpoint
  /// Of the checkpoint that was seen before; nil: none of this log.
  public let seenSize: UInt64?

  /// What keeps anything of the log from being verified.
  public enum Fault: Error, Hashable, Sendable {
    /// The newest checkpoint is not signed by the log's key.
    case notSigned
    /// The log was longer once: entries were taken away.
    case shorter(seen: UInt64, now: UInt64)
    /// The log does not begin with what was seen, or its proof of that is wrong.
    case rewritten(seen: UInt64, now: UInt64)
  }

  /// Asks for the newest checkpoint, and for the proof that the log goes on from an older one.
  ///
  /// - Parameter seen: one that the log's key has signed, kept where others might change it: any other
  ///   text counts as none.
  /// - Throws: `Fault`, and what the source throws.
  public init(
    of source: any LogSource, key: NoteVerifier, seen: String?
  ) async throws {
    note = try await source.checkpoint()
    guard let newest = Self.checkpoint(note, key) else { throw Fault.notSigned }
    checkpoint = newest
    guard let older = seen.flatMap({ Self.checkpoint($0, key) }) else {
      seenSize = nil
      return
    }
    guard older.size <= newest.size else {
      throw Fault.shorter(seen: older.size, now: newest.size)
    }
    do {
      try ConsistencyProof.verify(
        old: older.size, oldRoot: older.root, new: newest.size, newRoot: newest.root,
        proof: try await source.consistencyProof(from: older.size, to: newest.size))
    } catch let error where error is ProofError || error is LogFault {
      throw Fault.rewritten(seen: older.size, now: newest.size)
    }
    seenSize = older.size
  }

  private static func checkpoint(_ note: String, _ key: NoteVerifier) -> Checkpoint? {
    try? Checkpoint(verifying: note, origin: key.name, verifiers: [key])
  }

  /// Whether an entry, byte by byte as it is shown, stands at its index in the tree of the checkpoint.
  ///
  /// - Throws: what the source throws.
  public func mark(_ entry: AuditV1.Entry, by source: any LogSource) async throws -> EntryMark {
    let leaf: Hash
    if entry.event.isEmpty, let dropped = Hash(entry.leafHash) {
      leaf = dropped
    } else {
      leaf = Hash.leaf(entry.event)
    }
    guard entry.index < checkpoint.size else { return .unverified }
    do {
      try InclusionProof.verify(
        leaf: leaf, index: entry.index, size: checkpoint.size, root: checkpoint.root,
        proof: try await source.inclusionProof(of: entry.index, size: checkpoint.size))
    } catch let error where error is ProofError || error is LogFault {
      return .unverified
    }
    return entry.event.isEmpty ? .hashOnly : .verified
  }
}

/// What was found of an entry that is shown.
public enum EntryMark: Hashable, Sendable, CaseIterable {
  /// It stands in the signed tree, exactly so.
  case verified
  /// Its hash stands in the signed tree; retention dropped what it says.
  case hashOnly
  /// It does not, or nothing shows that it does.
  case unverified
}
