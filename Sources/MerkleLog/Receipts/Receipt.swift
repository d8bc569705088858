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
    let checkpoint = try signedCheckpoint(origin: origin, verifiers: verifiers)
    do {
      try InclusionProof.verify(
        leaf: Hash.leaf(entry), index: index, size: checkpoint.size, root: checkpoint.root,
        proof: inclusionProof)
    } catch {
      throw .proof(error)
    }
    return checkpoint
  }

  private func signedCheckpoint(
    origin: KeyName, verifiers: [NoteVerifier]
  ) throws(ReceiptError) -> Checkpoint {
    do {
      return try Checkpoint(verifying: checkpoint, origin: origin, verifiers: verifiers)
    } catch {
      throw .checkpoint(error)
    }
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
