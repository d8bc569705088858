/// The one writer: takes what waits, runs it in one transaction, and acknowledges all of it after
/// the COMMIT returned, which with `synchronous=FULL` is after the write-ahead log was synced.
///
/// Belongs to the writer thread; what others reach is in `CommitterShared`.
final class Committer {
  private let transaction: Transaction
  private let shared: CommitterShared
  private let checkpointer: Checkpointer
  private let groupLimit: Int
  private let onFatal: @Sendable (StorageError) -> Void
  private let clock = ContinuousClock()

  private var connection: Connection { transaction.connection }

  init(
    transaction: Transaction, shared: CommitterShared, checkpointer: Checkpointer,
    groupLimit: Int, onFatal: @escaping @Sendable (StorageError) -> Void
  ) {
    self.transaction = transaction
    self.shared = shared
    self.checkpointer = checkpointer
    self.groupLimit = groupLimit
    self.onFatal = onFatal
  }

  /// The writer thread: returns when the queue was closed and is empty, or after a fatal error.
  func run() {
    while true {
      var group = shared.queue.take(groupLimit)
      if group.isEmpty { return finish() }
      do {
        try commit(group)
        // Acknowledged: what fails from here on is not theirs.
        group = []
        try checkpointer.afterCommit(on: connection)
      } catch {
        return fail(error, group)
      }
    }
  }

  private func commit(_ group: [any PendingWrite]) throws(StorageError) {
    let started = clock.now
    try connection.execute("BEGIN IMMEDIATE")
    var refused = 0
    for write in group where try !runInSavepoint(write) { refused += 1 }
    try connection.execute(
      "UPDATE clock_mark SET nanoseconds = ? WHERE id = 1", transaction.highWater)
    try connection.execute("COMMIT")
    shared.mark.advance(to: transaction.highWater)
    shared.signal.advance(to: transaction.feedLast)
    shared.statistics.count(group: group.count, refused: refused, took: clock.now - started)
    for write in group { write.finish(nil) }
  }

  /// - Returns: false when the body threw and was undone.
  /// - Throws: only what ends the group.
  private func runInSavepoint(_ write: any PendingWrite) throws(StorageError) -> Bool {
    try connection.execute("SAVEPOINT body")
    let feedLast = transaction.start()
    let succeeded = write.run(in: transaction)
    // A body may have caught a fatal error, or ended the transaction by a statement of its own.
    if let fatal = connection.fatalError { throw fatal }
    if connection.isAutocommit {
      throw StorageError(
        .misuse, message: "the transaction ended within a body", while: "writing",
        path: connection.path)
    }
    if !succeeded {
      try connection.execute("ROLLBACK TO body")
      transaction.rollBack(to: feedLast)
    }
    try connection.execute("RELEASE body")
    return succeeded
  }

  /// Leaves one file without a write-ahead log behind. A failure loses nothing: the log stays.
  private func finish() {
    _ = try? connection.checkpoint(.truncate)
  }

  /// Nothing of the group was acknowledged and nothing later will be.
  private func fail(_ error: StorageError, _ group: [any PendingWrite]) {
    if !connection.isAutocommit { try? connection.script("ROLLBACK", while: "giving up") }
    let waiting = shared.queue.fail(error)
    onFatal(error)
    for write in group + waiting { write.finish(error) }
    shared.signal.close(error)
  }
}

/// What the writer thread shares with everybody else.
struct CommitterShared: Sendable {
  let queue: WriteQueue
  let statistics = CommitStatistics()
  let mark: ClockMark
  let signal: FeedSignal
}
