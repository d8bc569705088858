internal import MerkleLog

/// Makes signed checkpoints: lazily, together, and never one that contradicts another.
///
/// One round after the other: whoever asks while a round runs is served by the next, all of them
/// with one signature for each log and one write for all logs.
actor SignedLogs {
  private let store: any AuditStore
  private let origins: Origins
  private let key: SigningKey

  private var waiting: [LogName: [CheckedContinuation<LogCheckpoint, any Error>]] = [:]
  private var isRunning = false

  /// Bounds a round's time: 71 µs a signature and one write.
  private static let largestRound = 128

  init(store: any AuditStore, origins: Origins, key: SigningKey) {
    self.store = store
    self.origins = origins
    self.key = key
  }

  /// A durable signed checkpoint of at least `size` entries.
  ///
  /// Not ended by cancellation: it takes one round or two, and what was signed is kept.
  /// - Throws: what the store throws; `CheckpointConflict`.
  func checkpoint(of log: LogName, covering size: UInt64) async throws -> LogCheckpoint {
    if let newest = try await store.read(log, { try $0.checkpoint() }), newest.size >= size {
      return newest
    }
    return try await withCheckedThrowingContinuation { continuation in
      waiting[log, default: []].append(continuation)
      guard !isRunning else { return }
      isRunning = true
      Task { await run() }
    }
  }

  /// A durable signed checkpoint that covers everything that was durable when the call came.
  func newest(of log: LogName) async throws -> LogCheckpoint {
    let size = try await store.read(log) { try $0.size() }
    return try await checkpoint(of: log, covering: size)
  }

  /// How many wait for a round that has not begun.
  var waitingCount: Int { waiting.values.reduce(0) { $0 + $1.count } }

  private func run() async {
    while !waiting.isEmpty {
      let round = waiting.prefix(Self.largestRound)
      for (log, _) in round { waiting[log] = nil }
      let results = await sign(round.map(\.key))
      for ((_, continuations), result) in zip(round, results) {
        for continuation in continuations { continuation.resume(with: result) }
      }
    }
    isRunning = false
  }

  /// Signs logs as they are now, and keeps the checkpoints before anybody sees one.
  private func sign(_ logs: [LogName]) async -> [Result<LogCheckpoint, any Error>] {
    var results: [Result<LogCheckpoint, any Error>] = []
    for log in logs {
      do {
        results.append(.success(try await sign(log)))
      } catch {
        results.append(.failure(error))
      }
    }
    do {
      try await store.save(results.compactMap { try? $0.get() })
      return results
    } catch {
      return logs.map { _ in .failure(error) }
    }
  }

  private func sign(_ log: LogName) async throws -> LogCheckpoint {
    let origin = origins.origin(of: log)
    let head = try await store.read(log) { reader in
      let size = try reader.size()
      let newest = try reader.checkpoint()
      if let newest { try newest.check(origin: origin, against: reader) }
      return try (
        newest: newest, size: size, root: TreeRoot.compute(size: size, nodes: reader.hash(of:))
      )
    }
    if let newest = head.newest, newest.size == head.size { return newest }
    let checkpoint = Checkpoint(origin: origin, size: head.size, root: head.root)
    let note = try checkpoint.signed(by: [NoteSigner(name: origin, key: key)])
    return LogCheckpoint(log: log, size: head.size, note: note.serialized)
  }
}
