internal import MerkleLog

/// Checks logs: quickly before the service starts, and fully when asked.
struct LogCheck: Sendable {
  let store: any AuditStore
  let origins: Origins
  let key: SigningKey

  /// What a full check has seen.
  struct Report: Hashable, Sendable {
    var logs = 0
    var entries: UInt64 = 0
  }

  /// Whether every log still holds what its newest checkpoint says: reads a few hashes for each.
  ///
  /// One signature tells whether this is the key that signs here; verifying ten thousand would hold
  /// a start up for two seconds.
  /// - Throws: `LogFault`; what the store throws.
  func checkpoints() async throws {
    let signed = try await store.extents().filter { $0.signedSize > 0 }
    for (position, extent) in signed.enumerated() {
      try await store.read(extent.log) { reader in
        try checkCheckpoint(extent.log, reader, verifiesSignature: position == 0)
      }
    }
  }

  /// Makes every hash of every log again from the entries' bytes.
  /// - Throws: `LogFault`, for the first fault of the first faulty log; what the store throws.
  func everything() async throws -> Report {
    var report = Report()
    for extent in try await store.extents() {
      report.entries += try await store.read(extent.log) { reader in
        let tree = try checkEntries(extent.log, reader)
        try checkCheckpoint(extent.log, reader, verifiesSignature: true)
        return tree.size
      }
      report.logs += 1
    }
    return report
  }

  private func checkEntries(_ log: LogName, _ reader: any LogReader) throws -> CompactTree {
    var tree = CompactTree()
    while true {
      let entries = try reader.storedEntries(from: tree.size, limit: 500)
      for entry in entries {
        guard entry.index == tree.size else {
          throw LogFault(log: log, kind: .missingEntry(index: tree.size))
        }
        try checkEntry(log, entry)
        try append(entry, to: &tree, log, reader)
      }
      if entries.isEmpty { return tree }
    }
  }

  private func append(
    _ entry: StoredEntry, to tree: inout CompactTree, _ log: LogName, _ reader: any LogReader
  ) throws {
    var completed: [(TreeNode, Hash)] = []
    tree.append(entry.leaf) { node, hash in completed.append((node, hash)) }
    for (node, hash) in completed {
      guard let stored = try reader.storedHash(of: node), stored != hash else { continue }
      let level = UInt64(node.level)
      throw LogFault(
        log: log,
        kind: .changedSubtree(first: node.index << level, end: (node.index + 1) << level))
    }
  }

  /// A dropped event's leaf is held by the tree alone.
  private func checkEntry(_ log: LogName, _ entry: StoredEntry) throws {
    if entry.isDropped { return }
    guard Hash.leaf(entry.event) == entry.leaf else {
      throw LogFault(log: log, kind: .changedEntry(index: entry.index))
    }
    do {
      let event = try LoggedEvent(logged: entry.event)
      guard event.log == log, event.id == entry.id, event.time == entry.time,
        event.request == entry.request, event.kind == entry.kind,
        entry.person == nil || entry.person == event.person
      else { throw LogFault(log: log, kind: .changedIndex(index: entry.index, nil)) }
    } catch let reason as EventFault {
      throw LogFault(log: log, kind: .changedIndex(index: entry.index, reason))
    }
  }

  private func checkCheckpoint(
    _ log: LogName, _ reader: any LogReader, verifiesSignature: Bool
  ) throws {
    guard let checkpoint = try reader.checkpoint() else { return }
    let origin = origins.origin(of: log)
    do {
      try checkpoint.check(origin: origin, against: reader)
    } catch is CheckpointConflict {
      throw LogFault(log: log, kind: .checkpoint(size: checkpoint.size))
    }
    guard verifiesSignature else { return }
    let own = NoteVerifier(name: origin, key: key.publicKey)
    guard (try? SignedNote(parsing: checkpoint.note).verify([own])) != nil else {
      throw LogFault(log: log, kind: .foreignCheckpoint(size: checkpoint.size))
    }
  }
}
