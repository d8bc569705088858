internal import Domain
internal import LockboxProto
internal import Logging
internal import RPC
internal import ServiceKit
internal import Storage
internal import Synchronization

/// A consumer of intake's feed that keeps the events and its cursor in a database of its own.
final class Follower: Sendable {
  private let client: RPCClient
  private let database: Database
  private let consumer: FeedConsumer
  private let measured: Measured

  private final class Measured: Sendable {
    struct State {
      var samples = Samples()
      var isMeasuring = false
      var last = ContinuousClock.now
    }
    let state = Mutex(State())
  }

  init(client: RPCClient, path: String) throws {
    let clock = SystemClock()
    let database = try Database(
      at: path, DatabaseOptions(program: "lockbox-bench", applicationID: 0x4C42_6265),
      migrations: [
        Migration("CREATE TABLE event (sequence INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
      ],
      clock: { clock.now().nanoseconds },
      onFatal: stopMeasuring)
    let measured = Measured()
    var logger = Logger(label: "lockbox-bench")
    logger.logLevel = .warning
    self.client = client
    self.database = database
    self.measured = measured
    consumer = FeedConsumer(
      of: .intake, from: client, clock: clock, logger: logger,
      cursor: { try await database.read { try $0.cursor(of: ServiceName.intake.rawValue) } },
      apply: { batch in
        try await database.write { transaction in
          for element in batch.elements {
            try transaction.execute(
              "INSERT INTO event (sequence, bytes) VALUES (?, ?)", element.sequence, element.bytes)
          }
          try transaction.advanceCursor(of: batch.feed, from: batch.after, to: batch.last)
        }
        let now = clock.now()
        measured.state.withLock { state in
          state.last = ContinuousClock.now
          guard state.isMeasuring else { return }
          for element in batch.elements {
            guard let time = Timestamp(element.event.time) else { continue }
            state.samples.record(now - time, nil)
          }
        }
      })
  }

  /// Until its task is cancelled.
  func run() async { await consumer.run() }

  /// Returns when nothing has come for half a second. What comes after the first time is measured.
  func caughtUp() async throws {
    measured.state.withLock { $0.last = ContinuousClock.now }
    while true {
      try await Task.sleep(for: .milliseconds(50))
      if case .stopped(let fault) = consumer.status.phase {
        throw RPCError(.unavailable, "\(fault)")
      }
      let last = measured.state.withLock { $0.last }
      let isQuiet = ContinuousClock.now - last > .milliseconds(500)
      if isQuiet && consumer.status.phase == .subscribed { break }
    }
    measured.state.withLock { $0.isMeasuring = true }
  }

  var samples: Samples { measured.state.withLock { $0.samples } }

  func close() async {
    await client.shutdown(grace: .zero)
    await database.close()
    removeDatabase(at: database.path)
  }
}
