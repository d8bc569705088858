internal import Logging
internal import Synchronization

@testable internal import RPC

/// What a server's metrics and log say of its defences.
final class DefenceRecord: RPCMetrics {
  private struct State {
    var counted: [Defence] = []
    var logged: [String] = []
    var started = 0
  }
  private let state = Mutex(State())

  var counted: [Defence] { state.withLock { $0.counted } }
  /// The field `defence` of each line that has one.
  var logged: [String] { state.withLock { $0.logged } }

  /// Handlers that have begun.
  var started: Int { state.withLock { $0.started } }

  func connectionEnded(by defence: Defence) { state.withLock { $0.counted.append(defence) } }

  func callStarted(path: String) { state.withLock { $0.started += 1 } }
  func callFinished(
    path: String, code: StatusCode, duration: Duration, receivedBytes: Int, sentBytes: Int
  ) {}
  func connectionOpened() {}
  func connectionClosed() {}

  var logger: Logger { Logger(label: "test") { _ in Handler(record: self) } }

  private struct Handler: LogHandler {
    let record: DefenceRecord
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      guard let defence = event.metadata?["defence"] else { return }
      record.state.withLock { $0.logged.append("\(defence)") }
    }
  }
}
