internal import Domain

/// Drops what was kept long enough, a little at a time, so that no other write waits for long.
struct RetentionLoop: Sendable {
  let store: any ExportStore
  let clock: any WallClock
  let retention: Duration

  static let interval = Duration.minutes(10)
  static let batch = 512

  /// Runs until cancelled.
  func run() async throws {
    while true {
      try await drop()
      try await Task.sleep(for: Self.interval)
    }
  }

  /// Drops all that is too old now.
  func drop() async throws {
    let moment = clock.now() - retention
    while try await store.write({ try $0.drop(receivedBefore: moment, limit: Self.batch) }) {
      try Task.checkCancellation()
    }
  }
}
