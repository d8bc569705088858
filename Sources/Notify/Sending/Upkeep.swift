internal import Domain
internal import Logging
internal import ServiceKit

/// Forgets what is over.
struct Upkeep: Sendable {
  let store: any NotifyStore
  let clock: any WallClock
  let retention: Duration
  let logger: Logger

  static let pause = Duration.seconds(600)
  static let countingPause = Duration.seconds(10)
  /// In one transaction, while others wait.
  static let batch = 500

  /// Runs until cancelled.
  func run() async throws {
    while true {
      do {
        try await purge()
      } catch {
        try Task.checkCancellation()
        logger.log(.error, "old notices cannot be removed", .error(error))
      }
      try await Task.sleep(for: Self.pause)
    }
  }

  /// Counts what there is, for the metrics; until cancelled.
  func count(into counts: NoticeCounts) async throws {
    while true {
      if let totals = try? await store.read({ try $0.totals() }) {
        counts.set(waiting: totals.waiting, deadLetters: totals.deadLetters)
      }
      try await Task.sleep(for: Self.countingPause)
    }
  }

  func purge() async throws {
    let moment = clock.now() - retention
    while try await store.write({ try $0.purge(finishedBefore: moment, limit: Self.batch) })
      == Self.batch
    {}
  }
}
