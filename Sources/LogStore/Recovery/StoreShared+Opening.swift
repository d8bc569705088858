internal import MerkleLog
internal import Synchronization

extension StoreShared {
  /// Checks that every log still holds what its newest checkpoint says.
  /// - Throws: `damaged`.
  func checkCheckpoints() throws(LogStoreError) {
    for name in state.withLock({ $0.logs.map(\.name) }) {
      let log = LogSnapshot(self, name)
      guard let checkpoint = try log.checkpoint() else { continue }
      try log.check(checkpoint)
    }
  }

  /// The head file, brought up to date, and the store's id: a new one for a new store.
  func openHead(_ recovery: Recovery) throws(LogStoreError) -> (Key128, any OpenFile) {
    let store = recovery.store ?? recovery.head?.store ?? Key128.random()
    let end = recovery.state.end
    let head = Head(
      store: store, segment: UInt32(max(recovery.state.segments.count, 1) - 1),
      offset: UInt64(recovery.active?.position ?? 0), nextBatch: end.batch,
      nextSequence: end.sequence, chain: end.chain)
    let file: any OpenFile
    do throws(SystemFault) {
      file = try files.open(paths.head, creates: true, isReadOnly: false)
    } catch {
      throw .system(error)
    }
    try write(head, to: file)
    do throws(SystemFault) {
      try file.truncate(to: UInt64(Head.byteCount))
      try file.syncData()
      try files.syncDirectory(paths.root)
    } catch {
      throw .system(error)
    }
    return (store, file)
  }
}

extension LogSnapshot {
  /// Checks that the log holds what a checkpoint of it says; who signed it is not looked at.
  ///
  /// - Throws: `damaged`.
  public func check(_ checkpoint: KeptCheckpoint) throws(LogStoreError) {
    let fault = LogStoreFault(
      file: "segments", entry: nil,
      reason:
        "the log \"\(name)\" does not hold what its checkpoint of size \(checkpoint.size) says")
    guard checkpoint.size <= size, let text = try? SignedNote(parsing: checkpoint.note).text,
      let said = try? Checkpoint(parsing: text), said.size == checkpoint.size
    else { throw .damaged(fault) }
    let root = try TreeRoot.compute(size: said.size, nodes: hash(of:))
    guard root == said.root else { throw .damaged(fault) }
  }
}

extension Key128 {
  fileprivate static func random() -> Key128 {
    Key128(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
  }
}
