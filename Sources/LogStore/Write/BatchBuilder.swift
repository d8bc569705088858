internal import MerkleLog

/// Makes the bytes of one batch, and what they change, out of the batches of several callers.
struct BatchBuilder {
  private(set) var writer = ByteWriter()
  private(set) var staged = StagedBatch()
  /// Where the bytes go in their segment.
  private let base: Int
  /// Where the batch's header is in the bytes.
  private let start: Int
  private let begin: StoreEnd

  /// - Parameter header: where the batch begins a segment.
  init(at base: Int, _ begin: StoreEnd, header: SegmentHeader?, capacity: Int) {
    self.base = base
    self.begin = begin
    writer.bytes.reserveCapacity(capacity)
    header?.write(to: &writer)
    start = writer.bytes.count
    writer.zeros(BatchHeader.byteCount)
  }

  /// Whether nothing was added.
  var isEmpty: Bool { writer.bytes.count == start + BatchHeader.byteCount }

  /// - Returns: the indexes of the entries in their logs.
  mutating func add(_ batch: NewBatch, _ stager: inout Stager) -> [UInt64] {
    var indexes: [UInt64] = []
    indexes.reserveCapacity(batch.entries.count)
    var last: (name: String, number: UInt32)?
    for entry in batch.entries {
      let number = last?.name == entry.log ? last!.number : self.number(of: entry.log, &stager)
      last = (entry.log, number)
      indexes.append(stager.trees[Int(number)].size)
      add(entry, number, &stager)
    }
    for checkpoint in batch.checkpoints {
      guard let number = stager.numbers[checkpoint.log],
        checkpoint.size > stager.signedSizes[Int(number)]
      else { continue }
      add(.checkpoint(log: number, size: checkpoint.size, note: checkpoint.note), &stager)
    }
    if let signer = batch.signer { sign(batch, signer, &stager) }
    if let cursor = batch.cursor, cursor.through > cursor.after {
      add(.cursor(feed: cursor.feed, sequence: cursor.through), &stager)
    }
    return indexes
  }

  private mutating func number(of log: String, _ stager: inout Stager) -> UInt32 {
    if let number = stager.numbers[log] { return number }
    let number = UInt32(stager.trees.count)
    add(.log(number: number, name: log), &stager)
    return number
  }

  private mutating func add(_ item: BatchItem, _ stager: inout Stager) {
    let offset = writer.bytes.count
    item.write(to: &writer)
    let problem = stager.stage(
      item, offset: base + offset, length: writer.bytes.count - offset, into: &staged)
    precondition(problem == nil, "an item that was checked before cannot be staged")
  }

  private mutating func add(_ entry: NewEntry, _ number: UInt32, _ stager: inout Stager) {
    let offset = writer.bytes.count
    entry.body.withUnsafeBytes { body in
      let item = EntryItem(
        log: number, index: stager.trees[Int(number)].size, id: entry.id, time: entry.time,
        kind: entry.kind, request: entry.request, person: entry.person, content: .body(body))
      item.write(to: &writer)
      stager.stage(
        item, leaf: Hash.leaf(body), offset: base + offset,
        length: writer.bytes.count - offset, into: &staged)
    }
  }

  private mutating func sign(
    _ batch: NewBatch, _ signer: CheckpointSigner, _ stager: inout Stager
  ) {
    var last: String?
    var names: Set<String> = []
    for entry in batch.entries where entry.log != last {
      last = entry.log
      names.insert(entry.log)
    }
    for name in names.sorted() {
      guard let number = stager.numbers[name] else { continue }
      let tree = stager.trees[Int(number)]
      if let note = signer(name, tree.size, tree.root) {
        add(.checkpoint(log: number, size: tree.size, note: note), &stager)
      }
    }
  }

  /// - Returns: all bytes to be written.
  mutating func finish(_ stager: Stager) -> [UInt8] {
    let payload = start + BatchHeader.byteCount
    let header = BatchHeader(
      payloadLength: UInt32(writer.bytes.count - payload), batch: begin.batch,
      sequence: begin.sequence, entryCount: UInt32(staged.entries.count), chain: begin.chain,
      payloadChecksum: Checksum.of(writer.bytes[payload...]))
    let checksum = header.write(to: &writer.bytes, at: start)
    staged.end = StoreEnd(
      batch: begin.batch + 1, sequence: begin.sequence + UInt64(staged.entries.count),
      chain: checksum)
    stager.finish(&staged)
    return writer.bytes
  }
}
