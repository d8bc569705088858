internal import Synchronization
internal import Threads

/// Merkle logs in one set of append-only files: every batch is durable, entries, checkpoints and
/// feed cursors together, before it is acknowledged.
///
/// One thread writes, in groups; readers read the files beside it and hold nobody up. Reading
/// blocks on the disk: tasks do it within `read`. Call `close` before letting go: the threads run
/// on otherwise.
public final class LogStore: Sendable {
  /// Of one entry, in bytes: what the largest event of a service can be (Limits: 4 MiB).
  public static let largestBody = 4 << 20
  /// Of one batch's bodies, in bytes; offsets in a segment have 32 bits.
  public static let largestBatch = 256 << 20

  /// What was found when it was opened.
  public let report: RecoveryReport

  let shared: StoreShared
  private let queue = AppendQueue()
  private let lanes = ReadLane.allCases.map { _ in ReadPool() }
  private let indexer: Indexer
  private let opened: Mutex<Opened?>
  /// Held while the store is open.
  private let lock: Mutex<(any OpenFile)?>
  /// One rewrite of segments at a time.
  let upkeep = Mutex(())

  /// What `close` ends.
  private struct Opened: Sendable {
    let writer: Thread
    let others: [Thread]
  }

  /// Opens a store, makes it when it is missing, and recovers it after a crash. Blocks on the disk.
  ///
  /// - Parameters:
  ///   - path: a directory; the one above it is there.
  ///   - onFatal: called once, on the writer thread, when nothing more can be acknowledged: the
  ///     service says why and exits.
  /// - Throws: `damaged` where the files are not what was acknowledged, `inUse`, `system`.
  public init(
    at path: String, _ options: LogStoreOptions = LogStoreOptions(),
    files: any FileSystem = PosixFileSystem(),
    onFatal: @escaping @Sendable (LogStoreError) -> Void
  ) throws(LogStoreError) {
    let paths = StorePaths(root: path)
    lock = Mutex(try Self.makeDirectories(paths, files))
    var recovery = Recovery(files: files, paths: paths, mode: .opening)
    try recovery.run()
    report = recovery.report
    shared = StoreShared(
      files: files, paths: paths, blocks: recovery.blocks, recovery.state)
    try shared.checkCheckpoints()
    let (store, head) = try shared.openHead(recovery)
    indexer = Indexer(shared)
    for segment in recovery.unindexed { indexer.add(segment) }
    let writer = Writer(
      shared, recovery, store: store, head: head, queue: queue, indexer: indexer,
      options: options, onFatal: onFatal)
    opened = Mutex(nil)
    try start(writer, readers: options.readers)
  }

  /// Starts the threads; those that were started before one could not be end again.
  private func start(_ writer: sending Writer, readers: Int) throws(LogStoreError) {
    var isStarted = false
    defer {
      if !isStarted {
        indexer.close()
        for pool in lanes { pool.close() }
      }
    }
    var others: [Thread] = []
    do throws(ThreadError) {
      others.append(try Thread.start("log index") { [indexer] in indexer.run() })
      for lane in ReadLane.allCases {
        let pool = lanes[lane.rawValue]
        for _ in 0..<(lane == .short ? max(readers, 1) : 1) {
          others.append(try Thread.start("log \(lane)") { pool.run() })
        }
      }
      let writing = try Thread.start("log write") { writer.run() }
      opened.withLock { $0 = Opened(writer: writing, others: others) }
    } catch {
      throw .noThread(error.description)
    }
    isStarted = true
  }

  private static func makeDirectories(
    _ paths: StorePaths, _ files: any FileSystem
  ) throws(LogStoreError) -> any OpenFile {
    do throws(SystemFault) {
      try files.makeDirectory(paths.root)
      let lock = try files.lock(paths.lock)
      try files.makeDirectory(paths.segments)
      try files.makeDirectory(paths.indexes)
      try files.syncDirectory(paths.root)
      return lock
    } catch {
      throw error.isHeldByAnother ? .inUse(path: paths.root) : .system(error)
    }
  }

  /// Appends a batch; durable when it returns.
  ///
  /// Not ended by cancellation: it takes one write.
  /// - Returns: the entries' indexes in their logs, in the batch's order.
  /// - Throws: `LogStoreError`; after `cursorElsewhere`, `duplicateEntry`, `invalid` and
  ///   `checkpointBeyondLog` nothing of the batch was written.
  @discardableResult
  public func append(_ batch: NewBatch) async throws -> [UInt64] {
    try await withCheckedThrowingContinuation { continuation in
      let append = PendingAppend(batch, continuation)
      do throws(LogStoreError) {
        try queue.add(append)
      } catch {
        append.finish(.failure(error))
      }
    }
  }

  /// Reads on a thread that may block.
  ///
  /// - Parameter lane: what takes long there holds up nothing of another one.
  /// - Throws: `closed`; what `body` throws.
  public func read<T: Sendable>(
    in lane: ReadLane = .short, _ body: @escaping @Sendable (LogStore) throws -> T
  ) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let isAccepted = lanes[lane.rawValue].add { [self] in
        continuation.resume(with: Result { try body(self) })
      }
      if !isAccepted { continuation.resume(throwing: LogStoreError.closed) }
    }
  }

  /// A log as it is durable now; one that nobody wrote to is empty.
  public func log(_ name: String) -> LogSnapshot { LogSnapshot(shared, name) }

  /// The names of all logs, in the order in which they began.
  public var logs: [String] { shared.state.withLock { $0.logs.map(\.name) } }

  /// How far a feed has been consumed; 0 when not at all.
  public func cursor(of feed: String) -> UInt64 {
    shared.state.withLock { $0.cursors[feed] ?? 0 }
  }

  /// Where the entry with an id stands.
  public func address(of id: Key128) throws(LogStoreError) -> EntryAddress? {
    guard let position = try shared.position(of: id) else { return nil }
    let name = shared.state.withLock { $0.logs[Int(position.log)].name }
    return EntryAddress(log: name, index: position.index)
  }

  /// Entries of all logs.
  public var entryCount: UInt64 { shared.state.withLock { $0.end.sequence } }

  /// Indexes that could not be written since the start; their segments are searched in memory.
  public var failedIndexes: Int { shared.failedIndexes.load(ordering: .relaxed) }

  /// Blocks until the indexes of all sealed segments were tried.
  func finishIndexes() { indexer.drain() }

  /// Finishes the batches that wait and gives the files free. The first call does it.
  public func close() async {
    guard let opened = opened.withLock({ opened in opened.take() }) else { return }
    await withCheckedContinuation { continuation in
      let end: @Sendable () -> Void = { [self] in
        for pool in lanes { pool.close() }
        queue.close()
        opened.writer.join()
        indexer.close()
        for thread in opened.others { thread.join() }
        lock.withLock { $0 = nil }
        continuation.resume()
      }
      // Joining blocks, so it has a thread of its own; without one, this thread must do.
      if let thread = try? Thread.start("log close", end) { thread.detach() } else { end() }
    }
  }
}
