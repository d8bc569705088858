internal import Glibc
internal import Synchronization
internal import Threads

/// A SQLite file whose writes are durable before they are acknowledged.
///
/// One thread writes, in groups; some read; one moves the write-ahead log into the file. Tasks
/// wait for them without blocking a thread. Call `close` before letting go: the threads run on
/// otherwise.
public final class Database: Sendable {
  public let path: String
  /// The events that writes of this database have appended.
  public let feed: Feed

  private let shared: CommitterShared
  private let readers: ReaderPool
  private let checkpointer: Checkpointer
  private let opened: Mutex<Opened?>

  /// What `close` ends, in its order.
  private struct Opened: Sendable {
    let readers: [Thread]
    let checkpointer: Thread
    let writer: Thread
    let lock: FileLock
  }

  /// Opens the file, makes it when it is missing, and brings it to the newest schema. Blocks on
  /// the disk: for the start of a service.
  /// - Parameters:
  ///   - clock: the time in nanoseconds since the epoch; called on the writer thread.
  ///   - onFatal: called once, on the writer thread, when nothing more can be acknowledged: the
  ///     service says why and exits.
  /// - Throws: `StorageError`.
  public init(
    at path: String, _ options: DatabaseOptions, migrations: [Migration],
    clock: @escaping @Sendable () -> Int64,
    onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    let lock = try FileLock(for: path, program: options.program)
    Glibc.close(try openPrivately(path, while: "opening it"))
    let writer = try Connection.writer(at: path, options)
    try writer.migrate(migrations, applicationID: options.applicationID)
    let feedLast = try writer.feedLast()
    let mark = try ClockMark(in: writer)
    let shared = CommitterShared(
      queue: WriteQueue(path: path), mark: mark, signal: FeedSignal(last: feedLast))
    let checkpointer = Checkpointer(threshold: options.checkpointPages)
    let readers = ReaderPool(path: path)
    let committer = Committer(
      transaction: Transaction(
        connection: writer, clock: clock, highWater: mark.value, feedLast: feedLast),
      shared: shared, checkpointer: checkpointer, groupLimit: options.groupLimit,
      onFatal: onFatal)

    var isOpen = false
    // The threads that were started before something failed end again.
    defer {
      if !isOpen {
        readers.close()
        checkpointer.stop()
      }
    }
    var readerThreads: [Thread] = []
    for number in 1...max(options.readers, 1) {
      let connection = try Connection.reader(at: path, options)
      readerThreads.append(
        try startThread("storage read \(number)") { readers.run(on: connection) })
    }
    let checkpointConnection = try Connection.checkpointer(at: path, options)
    let checkpointThread = try startThread("storage checkpt") {
      checkpointer.run(on: checkpointConnection)
    }
    let writerThread = try startThread("storage write") { committer.run() }

    self.path = path
    self.shared = shared
    self.checkpointer = checkpointer
    self.readers = readers
    feed = Feed(readers: readers, signal: shared.signal)
    opened = Mutex(
      Opened(
        readers: readerThreads, checkpointer: checkpointThread, writer: writerThread, lock: lock))
    isOpen = true
  }

  /// Runs `body` in a transaction that it shares with other writes, and returns when that is
  /// durable. What `body` throws is thrown here, and only its own changes are undone.
  ///
  /// A cancelled caller's write may happen all the same, and the caller waits for it: whoever asks
  /// for a durable answer must get the true one.
  /// - Throws: what `body` throws; the fatal `StorageError` that ended the database, in which case
  ///   the write may or may not be found after the next start; `closed`.
  nonisolated(nonsending) public func write<T: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> T
  ) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      do throws(StorageError) {
        try shared.queue.add(Write(body, continuation))
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// Runs `body` on a reader thread, on one snapshot of what was durable when it started.
  /// - Throws: what `body` throws; `closed`.
  nonisolated(nonsending) public func read<T: Sendable>(
    _ body: @escaping @Sendable (Connection) throws -> T
  ) async throws -> T {
    try await readers.read(body)
  }

  /// The latest time that a durable write has seen, in nanoseconds since the epoch, also before
  /// the last start; 0 for none. A clock behind it went back.
  public var clockMark: Int64 { shared.mark.value }

  /// How writes were grouped since the database was opened.
  public var commitCounts: CommitCounts { shared.statistics.snapshot }

  /// Writes that wait for the writer thread now.
  public var waitingWrites: Int { shared.queue.count }

  /// How often the write-ahead log was moved into the file since the database was opened.
  public var checkpoints: Int { checkpointer.count }

  /// Finishes the reads and writes that wait, moves the write-ahead log into the file and gives
  /// the file free. The first call does it; others return at once.
  public func close() async {
    guard let opened = opened.withLock({ opened in opened.take() }) else { return }
    await withCheckedContinuation { continuation in
      let end: @Sendable () -> Void = { [self] in
        finish(opened)
        continuation.resume()
      }
      // Joining blocks, so it has a thread of its own; without one, this thread must do.
      if let thread = try? Thread.start("storage close", end) { thread.detach() } else { end() }
    }
  }

  private func finish(_ opened: Opened) {
    readers.close()
    for thread in opened.readers { thread.join() }
    checkpointer.stop()
    opened.checkpointer.join()
    shared.queue.close()
    opened.writer.join()
    shared.signal.close(
      StorageError(
        .closed, message: "the database was closed", while: "waiting for the feed", path: path))
    opened.lock.release()
  }
}

private func startThread(
  _ name: String, _ body: sending @escaping () -> Void
) throws(StorageError) -> Thread {
  do {
    return try Thread.start(name, body)
  } catch {
    throw StorageError(
      .outOfMemory, message: error.description, while: "starting a thread", path: name)
  }
}
