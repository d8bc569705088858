internal import Logging
internal import RPC
internal import Synchronization

/// What the server did so far.
final class CallCounters: RPCMetrics {
  private struct Counts {
    var handlers = 0
    var connections = 0
    var openConnections = 0
    var defences: [Defence: Int] = [:]
    var calls: [StatusCode: Int] = [:]
  }
  private let counts = Mutex(Counts())

  func callStarted(path: String) {
    counts.withLock { $0.handlers += 1 }
  }

  func callFinished(
    path: String, code: StatusCode, duration: Duration, receivedBytes: Int, sentBytes: Int
  ) {
    counts.withLock { $0.calls[code, default: 0] += 1 }
  }

  func connectionOpened() {
    counts.withLock { counts in
      counts.connections += 1
      counts.openConnections += 1
    }
  }

  func connectionClosed() {
    counts.withLock { $0.openConnections -= 1 }
  }

  func connectionEnded(by defence: Defence) {
    counts.withLock { $0.defences[defence, default: 0] += 1 }
  }

  /// All of them, for a log line.
  var fields: Logger.Metadata {
    let counts = counts.withLock { $0 }
    var fields: Logger.Metadata = [
      "handlers_started": "\(counts.handlers)",
      "connections": "\(counts.connections)",
      "connections_open": "\(counts.openConnections)",
    ]
    for (code, count) in counts.calls { fields["calls_\(code.name)"] = "\(count)" }
    for (defence, count) in counts.defences { fields["ended_\(defence.rawValue)"] = "\(count)" }
    return fields
  }
}
