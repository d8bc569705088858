internal import MerkleLog

/// Refuses the batches that cannot be written, before anything of them is.
struct Validator {
  private let shared: StoreShared
  /// As the batches before leave them.
  private var cursors: [String: UInt64]
  /// Of the batches before, in the same group.
  private var ids: Set<Key128> = []

  init(_ shared: StoreShared, _ cursors: [String: UInt64]) {
    self.shared = shared
    self.cursors = cursors
  }

  /// - Throws: why the batch is refused; `damaged` and `system` when the store cannot be read.
  mutating func check(_ batch: NewBatch, _ stager: Stager) throws(LogStoreError) {
    try checkCursor(batch)
    var size = 0
    for entry in batch.entries {
      try check(entry)
      size += entry.body.count
    }
    guard size <= LogStore.largestBatch else {
      throw .invalid("the batch holds more than \(LogStore.largestBatch) bytes")
    }
    try checkCheckpoints(batch, stager)
    try checkIDs(batch)
    if let cursor = batch.cursor { cursors[cursor.feed] = cursor.through }
  }

  private func checkCursor(_ batch: NewBatch) throws(LogStoreError) {
    guard let cursor = batch.cursor else { return }
    let stored = cursors[cursor.feed] ?? 0
    guard stored == cursor.after else {
      throw .cursorElsewhere(feed: cursor.feed, stored: stored, after: cursor.after)
    }
    guard cursor.through >= cursor.after, cursor.feed.utf8.count <= 255 else {
      throw .invalid("the cursor goes back, or its feed's name is longer than 255 bytes")
    }
  }

  private func check(_ entry: NewEntry) throws(LogStoreError) {
    guard entry.log.utf8.count <= 255, entry.log.utf8.allSatisfy({ (0x20..<0x7F).contains($0) })
    else { throw .invalid("a log's name is not 0 to 255 printable ASCII characters") }
    guard entry.person?.utf8.count ?? 0 <= 255 else {
      throw .invalid("an entry's person is longer than 255 bytes")
    }
    guard entry.body.count <= LogStore.largestBody else {
      throw .invalid("an entry's body is larger than \(LogStore.largestBody) bytes")
    }
  }

  private func checkCheckpoints(_ batch: NewBatch, _ stager: Stager) throws(LogStoreError) {
    for checkpoint in batch.checkpoints {
      var size = stager.numbers[checkpoint.log].map { stager.trees[Int($0)].size } ?? 0
      size += UInt64(batch.entries.count { $0.log == checkpoint.log })
      guard checkpoint.size <= size, size > 0 else {
        throw .checkpointBeyondLog(log: checkpoint.log, size: checkpoint.size)
      }
      guard checkpoint.note.utf8.count <= 1 << 20 else {
        throw .invalid("a checkpoint is larger than 1 MiB")
      }
    }
  }

  private mutating func checkIDs(_ batch: NewBatch) throws(LogStoreError) {
    var duplicate: Key128?
    var count = 0
    for entry in batch.entries {
      guard ids.insert(entry.id).inserted else {
        duplicate = entry.id
        break
      }
      count += 1
    }
    if duplicate == nil { duplicate = try shared.firstKnown(batch.entries) }
    guard let duplicate else { return }
    for entry in batch.entries.prefix(count) { ids.remove(entry.id) }
    throw .duplicateEntry(duplicate)
  }
}
