internal import Domain
internal import LockboxProto
internal import LogFormats
internal import Logging
internal import Outbound
internal import ServiceKit

/// Deliveries to one destination: in the order of the log, one batch at a time, each entry at least
/// once. How far they have come is durable after every batch: what a crash leaves unsaid is sent
/// again, with the same `webhook-id`.
struct DeliveryWorker: Sendable {
  let destination: Destination
  let store: any DeliveryStore
  let sender: any DeliverySender
  let clock: any WallClock
  let policy: RetryPolicy
  let counts: DeliveryCounts
  let logger: Logger

  /// What is read and sent at once.
  static let batch = 128
  static let batchBytes = 1 << 20
  /// Dead letters that are sent once more before the log goes on.
  static let retryBatch = 16

  /// What to do after a step.
  enum Next: Hashable, Sendable {
    case goOn
    /// Until then; nil: until something changes.
    case wait(until: Timestamp?)
  }

  /// Does the next thing there is to do.
  func step() async throws -> Next {
    if destination.isPaused { return .wait(until: nil) }
    let state = try await store.readDeliveries { [id = destination.id] reader in
      (try reader.progress(of: id), try reader.deadLettersToRetry(of: id, limit: Self.retryBatch))
    }
    guard let progress = state.0, !progress.isDisabled else { return .wait(until: nil) }
    let now = clock.now()
    // Further away than any wait of ours: the clock was set back.
    if let notBefore = progress.notBefore, now < notBefore, notBefore - now <= policy.longestWait {
      return .wait(until: notBefore)
    }
    if let letter = state.1.first { return try await retry(letter, progress) }
    return try await sendNext(from: progress)
  }

  // MARK: The log

  private func sendNext(from progress: DeliveryProgress) async throws -> Next {
    let entries = try await store.readDeliveries { [destination] in
      try $0.entries(
        of: destination.tenant, from: progress.next, limit: Self.batch,
        maximumBytes: Self.batchBytes)
    }
    guard let first = entries.first else { return .wait(until: nil) }
    if first.index > progress.next {
      try await miss(progress.next..<first.index, progress)
      return .goOn
    }
    let batch = DeliveryBatch(entries, for: destination)
    let result =
      batch.records.isEmpty
      ? SendingResult(delivered: 0) : await sender.send(batch.records, isBeside: false)
    var random = SystemRandomNumberGenerator()
    let step = batch.apply(
      result, to: progress, policy: policy, now: clock.now(), using: &random)
    try await save(step, batch)
    counts.add(
      delivered: result.delivered, failed: result.failure != nil, givenUp: step.givenUp.count)
    return step.progress.notBefore.map { .wait(until: $0) } ?? .goOn
  }

  private func save(_ step: DeliveryBatch.Step, _ batch: DeliveryBatch) async throws {
    try await store.writeDeliveries { [destination] transaction in
      // Whoever deleted it meanwhile is not to find it again.
      guard try transaction.destination(destination.id) != nil else { return }
      try transaction.setProgress(step.progress, of: destination.id)
      for letter in step.givenUp { try transaction.set(letter, of: destination.id) }
      try transaction.tell(of: destination, step)
    }
    if !step.givenUp.isEmpty {
      logger.log(
        .warning, "entries were given up", .destination(destination),
        .count("entries", step.givenUp.count))
    }
    if step.progress.failures == 1 {
      logger.log(.warning, "delivery failed, trying again", .destination(destination))
    }
    if step.isDisabled {
      logger.log(.warning, "the receiver is gone, nothing is sent", .destination(destination))
    }
  }

  /// Entries that are no longer kept were never sent.
  private func miss(_ indexes: Range<UInt64>, _ progress: DeliveryProgress) async throws {
    var progress = progress
    progress.next = indexes.upperBound
    try await store.writeDeliveries { [destination, progress] transaction in
      guard try transaction.destination(destination.id) != nil else { return }
      try transaction.setProgress(progress, of: destination.id)
      try transaction.tell(
        of: destination, .missed, indexes.lowerBound...indexes.upperBound - 1,
        count: UInt64(indexes.count), by: .system())
    }
    counts.add(missed: indexes.count)
    logger.log(
      .error, "entries were dropped before they could be sent", .destination(destination),
      .count("entries", indexes.count))
  }

  // MARK: Dead letters

  private func retry(_ letter: StoredDeadLetter, _ progress: DeliveryProgress) async throws -> Next
  {
    let texts: TextRule = destination.includesTexts ? .included : .withheld
    let record = try? EntryRecord(index: letter.index, event: letter.event, texts: texts)
    let result =
      if let record { await sender.send([record], isBeside: true) } else {
        SendingResult(delivered: 0, failure: .refused("the event cannot be read"))
      }
    let outcome = result.outcome
    var progress = progress
    if let index = result.resendFrom { progress.next = min(progress.next, index) }
    if outcome == .gone { progress.disable() }
    let now = clock.now()
    try await store.writeDeliveries { [destination, progress] transaction in
      guard try transaction.destination(destination.id) != nil else { return }
      try transaction.setProgress(progress, of: destination.id)
      switch outcome {
      case .delivered:
        try transaction.removeDeadLetter(letter.index, of: destination.id)
      case .failed(let reason, _), .refused(let reason):
        try transaction.set(letter.failed(reason, at: now), of: destination.id)
      case .gone:
        try transaction.set(letter.failed(progress.lastFailure, at: now), of: destination.id)
        try transaction.tellDisabled(destination)
      }
    }
    counts.add(delivered: result.delivered, failed: result.failure != nil, givenUp: 0)
    return .goOn
  }
}

extension SendingResult {
  /// Of the one record that was sent.
  var outcome: DeliveryOutcome {
    failure ?? (delivered > 0 ? .delivered : .failed("the connection ended", retryAfter: nil))
  }
}

extension StoredDeadLetter {
  fileprivate func failed(_ reason: String, at now: Timestamp) -> StoredDeadLetter {
    StoredDeadLetter(
      index: index, event: event, givenUp: now, attempts: attempts + 1, lastFailure: reason,
      isRetrying: false)
  }
}

extension LogField {
  static func destination(_ destination: Destination) -> LogField {
    .id("destination_id", destination.id)
  }
}
