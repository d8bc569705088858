/// Proof that one entry stands in a log, checkable offline.
public struct Receipt: Sendable, Hashable {
  /// 0-based in the log.
  public var index: UInt64
  /// Leaf to root.
  public var inclusionProof: [Hash]
  /// The signed note.
  public var checkpoint: String

  public init(index: UInt64, inclusionProof: [Hash], checkpoint: String) {
    self.index = index
    self.inclusionProof = inclusionProof
    self.checkpoint = checkpoint
  }

  /// Checks that the log signed a tree that holds the entry.
  ///
  /// - Parameters:
  ///   - entry: the leaf's bytes, as logged.
  ///   - origin: the log that must have signed.
  ///   - verifiers: the keys trusted: the log's own, and any whose signatures must be right too.
  /// - Returns: the checkpoint.
  public func verify(
    entry: [UInt8], origin: KeyName, verifiers: [NoteVerifier]
  ) throws(ReceiptError) -> Checkpoint {
    let checkpoint: Checkpoint
    do {
      checkpoint = try signedCheckpoint(origin: origin, verifiers: verifiers)
    } catch {
      throw .checkpoint(error)
    }
    do {
      try verify(entry: entry, in: checkpoint)
    } catch {
      throw .proof(error)
    }
    return checkpoint
  }

  /// The first half of `verify`: who signed the checkpoint.
  public func signedCheckpoint(
    origin: KeyName, verifiers: [NoteVerifier]
  ) throws(SignedCheckpointError) -> Checkpoint {
    try Checkpoint(verifying: checkpoint, origin: origin, verifiers: verifiers)
  }

  /// The second half: whether a checkpoint's tree holds the entry.
  public func verify(entry: [UInt8], in checkpoint: Checkpoint) throws(ProofError) {
    try InclusionProof.verify(
      leaf: Hash.leaf(entry), index: index, size: checkpoint.size, root: checkpoint.root,
      proof: inclusionProof)
  }
}

/// What of a receipt is wrong.
public enum ReceiptError: Error, Hashable {
  case checkpoint(SignedCheckpointError)
  case proof(ProofError)
}

extension ReceiptError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .checkpoint(let error): error.description
    case .proof(let error): error.description
    }
  }
}
