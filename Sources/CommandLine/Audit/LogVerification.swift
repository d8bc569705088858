internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import Verification
internal import Words

/// Proves that a log's signed checkpoint is of exactly the entries that the service hands out.
struct LogVerification {
  let session: Session
  let log: LogOption
  let key: NoteVerifier

  /// - Parameter older: a checkpoint trusted before, that must be this log's beginning.
  /// - Returns: the checkpoint, as signed and as read.
  func verify(since older: Checkpoint?) async throws -> (note: String, checkpoint: Checkpoint) {
    let response = try await session.call(
      AuditV1.AuditService.getCheckpoint, .init(tenantID: log.id), at: .audit)
    let checkpoint = try Self.checkpoint(response.checkpoint, key, what: "the newest checkpoint")
    if let older, older.size > checkpoint.size {
      throw Failure(
        .refused,
        "The log has \(checkpoint.size) entries and once had \(older.size): entries were taken away."
      )
    }
    let leaves = try await leaves(upTo: checkpoint.size)
    if let older {
      guard root(of: leaves.prefix(Int(older.size))) == older.root else {
        throw Failure(
          .refused, "Entries before \(older.size) are others than those of the older checkpoint.")
      }
    }
    guard root(of: leaves[...]) == checkpoint.root else {
      let bad = try await firstBad(leaves, checkpoint)
      throw Failure(
        .refused,
        "Entry \(bad) is not the one in the signed tree of \(checkpoint.size) entries: "
          + "the service shows another log than it signed.")
    }
    return (response.checkpoint, checkpoint)
  }

  static func checkpoint(
    _ note: String, _ key: NoteVerifier, what: String
  ) throws(Failure) -> Checkpoint {
    do {
      return try Checkpoint(verifying: note, origin: key.name, verifiers: [key])
    } catch {
      throw Failure(.refused, "\(what): \(error).")
    }
  }

  /// The leaf hashes of the first `size` entries, each looked at.
  private func leaves(upTo size: UInt64) async throws -> [Hash] {
    var leaves: [Hash] = []
    var sequence = EntrySequence(tenantID: log.id)
    var dropped = 0
    var token = ""
    while leaves.count < size {
      let page = try await session.call(
        AuditV1.AuditService.listEntries,
        .init(pageSize: 500, pageToken: token, tenantID: log.id), at: .audit)
      for entry in page.entries where leaves.count < size {
        do throws(EntryFault) {
          // Of an event that retention dropped the log still proves the hash.
          if let leaf = Hash(entry.leafHash) {
            try sequence.pass(index: entry.index)
            leaves.append(leaf)
            dropped += 1
            continue
          }
          leaves.append(Hash.leaf(try sequence.take(index: entry.index, bytes: entry.event).bytes))
        } catch {
          throw Failure(.refused, Printable.line(error.description))
        }
      }
      token = page.nextPageToken
      if token.isEmpty && leaves.count < size {
        throw Failure(
          .refused,
          "Entry \(leaves.count) is missing: the log ends before its signed \(size) entries.")
      }
    }
    if dropped > 0 {
      session.printer.note(
        "\(dropped) events were dropped by the tenant's retention: known by their hashes only")
    }
    return leaves
  }

  private func root(of leaves: ArraySlice<Hash>) -> Hash {
    var tree = CompactTree()
    for leaf in leaves { tree.append(leaf) }
    return tree.root
  }

  /// The first entry that differs from the signed tree. The tree of the first n entries is the
  /// signed tree's beginning for every n up to it and for none after it, and a consistency proof
  /// tells which: bisecting takes few of them.
  private func firstBad(_ leaves: [Hash], _ checkpoint: Checkpoint) async throws -> Int {
    var good = 0
    var bad = leaves.count
    while bad - good > 1 {
      let middle = (good + bad) / 2
      let response = try await session.call(
        AuditV1.AuditService.getConsistencyProof,
        .init(tenantID: log.id, oldSize: UInt64(middle), newSize: checkpoint.size), at: .audit)
      let proof = response.hashes.compactMap { Hash($0) }
      do {
        try ConsistencyProof.verify(
          old: UInt64(middle), oldRoot: root(of: leaves.prefix(middle)), new: checkpoint.size,
          newRoot: checkpoint.root, proof: proof)
        good = middle
      } catch {
        bad = middle
      }
    }
    return good
  }
}
