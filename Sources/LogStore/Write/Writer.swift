internal import MerkleLog
internal import Synchronization

/// The one writer: takes what waits, makes it one batch, and acknowledges all of it after its sync.
///
/// Belongs to the writer thread.
final class Writer {
  private let shared: StoreShared
  private let queue: AppendQueue
  private let indexer: Indexer
  private let options: LogStoreOptions
  private let onFatal: @Sendable (LogStoreError) -> Void

  private let store: Key128
  private let head: any OpenFile
  private var stager: Stager
  private var cursors: [String: UInt64]
  private var end: StoreEnd
  private var active: ActiveSegment?
  private var nextSegment: UInt32

  init(
    _ shared: StoreShared, _ recovery: Recovery, store: Key128, head: any OpenFile,
    queue: AppendQueue, indexer: Indexer, options: LogStoreOptions,
    onFatal: @escaping @Sendable (LogStoreError) -> Void
  ) {
    self.shared = shared
    self.queue = queue
    self.indexer = indexer
    self.options = options
    self.onFatal = onFatal
    self.store = store
    self.head = head
    stager = recovery.stager
    cursors = recovery.state.cursors
    end = recovery.state.end
    active = recovery.active
    nextSegment = UInt32(recovery.state.segments.count)
  }

  /// Returns when the queue was closed and is empty, or after a failure.
  func run() {
    while true {
      let group = queue.take(options.groupLimit)
      if group.isEmpty { return }
      do throws(LogStoreError) {
        try commit(group)
      } catch {
        return fail(error, group)
      }
    }
  }

  private typealias Outcome = (append: PendingAppend, result: Result<[UInt64], LogStoreError>)

  /// - Throws: only what ends the store; nobody of the group was told anything then.
  private func commit(_ group: [PendingAppend]) throws(LogStoreError) {
    if let active, active.position >= options.segmentBytes { try seal(active) }
    let isNew = active == nil
    var builder = BatchBuilder(
      at: active?.position ?? 0, end, header: isNew ? newHeader : nil, capacity: Self.size(group))
    var validator = Validator(shared, cursors)
    var outcomes: [Outcome] = []
    for append in group {
      do throws(LogStoreError) {
        try validator.check(append.batch, stager)
        if let cursor = append.batch.cursor { cursors[cursor.feed] = cursor.through }
        outcomes.append((append, .success(builder.add(append.batch, &stager))))
      } catch {
        if error.isFatal { throw error }
        outcomes.append((append, .failure(error)))
      }
    }
    if !builder.isEmpty {
      var bytes = builder.finish(stager)
      try write(&bytes, isNew)
      end = builder.staged.end
      try writeHead()
      shared.state.withLock { $0.apply(builder.staged) }
    }
    for outcome in outcomes { outcome.append.finish(outcome.result) }
  }

  /// About how many bytes a group takes.
  private static func size(_ group: [PendingAppend]) -> Int {
    group.reduce(1 << 10) { size, append in
      append.batch.entries.reduce(size) { $0 + $1.body.count + 128 }
    }
  }

  private var newHeader: SegmentHeader {
    SegmentHeader(
      store: store, segment: nextSegment, batch: end.batch, sequence: end.sequence,
      chain: end.chain)
  }

  /// Makes the bytes durable, and notes how far.
  private func write(_ bytes: inout [UInt8], _ isNew: Bool) throws(LogStoreError) {
    let paths = shared.paths
    do throws(SystemFault) {
      if isNew {
        let path = paths.segment(nextSegment)
        let file = try shared.files.open(path, creates: true, isReadOnly: false)
        active = ActiveSegment(
          file: SegmentFile(number: nextSegment, path: paths.short(path), file: file), position: 0,
          reserved: 0)
      }
      try active?.append(&bytes, reserving: options.reserveBytes)
      if isNew { try shared.files.syncDirectory(paths.segments) }
    } catch {
      throw .system(error)
    }
    guard let active else { preconditionFailure("no segment is open") }
    if isNew {
      nextSegment += 1
      shared.state.withLock { state in
        state.segments.append(
          SegmentState(file: active.file, table: SegmentTable(), index: nil))
      }
    }
  }

  /// After each batch, before anybody hears of it.
  private func writeHead() throws(LogStoreError) {
    guard let active else { return }
    let head = Head(
      store: store, segment: active.file.number, offset: UInt64(active.position),
      nextBatch: end.batch, nextSequence: end.sequence, chain: end.chain)
    try shared.write(head, to: self.head)
  }

  private func seal(_ active: ActiveSegment) throws(LogStoreError) {
    do throws(SystemFault) {
      try active.seal(
        SegmentSeal(
          segment: active.file.number, offset: UInt64(active.position), nextBatch: end.batch,
          nextSequence: end.sequence, chain: end.chain, nextChain: end.chain))
    } catch {
      throw .system(error)
    }
    let number = Int(active.file.number)
    shared.state.withLock { state in
      state.segments[number].isSealed = true
      state.segments[number].table?.close(cursors: state.cursors)
    }
    indexer.add(active.file.number)
    self.active = nil
  }

  /// Nothing of the group was acknowledged and nothing later will be.
  private func fail(_ error: LogStoreError, _ group: [PendingAppend]) {
    let waiting = queue.fail(error)
    onFatal(error)
    for append in group + waiting { append.finish(.failure(error)) }
  }
}

extension LogStoreError {
  /// Whether what the disk holds is no longer known.
  var isFatal: Bool {
    switch self {
    case .damaged, .system, .noThread: true
    case .cursorElsewhere, .duplicateEntry, .invalid, .checkpointBeyondLog, .inUse, .closed: false
    }
  }
}
