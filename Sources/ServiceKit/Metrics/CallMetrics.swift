public import RPC
internal import Synchronization
public import TLS

/// Counts the calls of one listener by method and status, and how long they took.
public final class CallMetrics: RPCMetrics {
  /// One method. Its own lock, so that loops that serve different methods never wait.
  private final class Series: Sendable {
    struct Counts {
      var started: UInt64 = 0
      var finished = [UInt64](repeating: 0, count: StatusCode.allCases.count)
      var latency = LatencyHistogram()
      var receivedBytes = 0
      var sentBytes = 0
    }
    let counts = Mutex(Counts())
  }

  private struct Connections {
    var opened: UInt64 = 0
    var closed: UInt64 = 0
    var ended = [UInt64](repeating: 0, count: Defence.allCases.count)
    /// By `TLSConnectionError.Reason.label`.
    var refused: [String: UInt64] = [:]
    /// By `CertificateProblem.label`.
    var cut: [String: UInt64] = [:]
  }

  private let listener: ListenerKind
  private let series: [String: Series]
  /// Calls of methods that do not exist.
  private let others = Series()
  private let connections = Mutex(Connections())

  /// - Parameter paths: What the listener serves: no other path becomes a label.
  public init(_ listener: ListenerKind, serving paths: [String]) {
    self.listener = listener
    series = Dictionary(uniqueKeysWithValues: paths.map { ($0, Series()) })
  }

  public func callStarted(path: String) {
    (series[path] ?? others).counts.withLock { $0.started += 1 }
  }

  public func callFinished(
    path: String, code: StatusCode, duration: Duration, receivedBytes: Int, sentBytes: Int
  ) {
    (series[path] ?? others).counts.withLock { counts in
      counts.finished[Int(code.rawValue)] += 1
      counts.latency.record(duration)
      counts.receivedBytes += receivedBytes
      counts.sentBytes += sentBytes
    }
  }

  public func connectionOpened() { connections.withLock { $0.opened += 1 } }
  public func connectionClosed() { connections.withLock { $0.closed += 1 } }
  public func connectionEnded(by defence: Defence) {
    let index = Defence.allCases.firstIndex(of: defence) ?? 0
    connections.withLock { $0.ended[index] += 1 }
  }

  public func handshakeRefused(_ reason: TLSConnectionError.Reason) {
    connections.withLock { $0.refused[reason.label, default: 0] += 1 }
  }

  public func peerCut(_ problem: CertificateProblem) {
    connections.withLock { $0.cut[problem.label, default: 0] += 1 }
  }

  /// Writes the samples of several listeners, each description once.
  public static func write(_ all: [CallMetrics], to text: inout MetricsText) {
    let calls = all.flatMap(\.calls)
    text.describe("lockbox_rpc_started_total", .counter, "Calls whose handler ran.")
    for (labels, counts) in calls {
      text.sample("lockbox_rpc_started_total", labels, counts.started)
    }
    text.describe("lockbox_rpc_finished_total", .counter, "Calls by status.")
    for (labels, counts) in calls {
      for code in StatusCode.allCases where counts.finished[Int(code.rawValue)] > 0 {
        text.sample(
          "lockbox_rpc_finished_total", labels + [("code", code.name)],
          counts.finished[Int(code.rawValue)])
      }
    }
    text.describe("lockbox_rpc_seconds", .histogram, "From a call's headers to its status.")
    for (labels, counts) in calls {
      counts.latency.write(to: &text, "lockbox_rpc_seconds", labels)
    }
    text.describe("lockbox_rpc_received_bytes_total", .counter, "Bytes of request messages.")
    for (labels, counts) in calls {
      text.sample("lockbox_rpc_received_bytes_total", labels, counts.receivedBytes)
    }
    text.describe("lockbox_rpc_sent_bytes_total", .counter, "Bytes of response messages.")
    for (labels, counts) in calls {
      text.sample("lockbox_rpc_sent_bytes_total", labels, counts.sentBytes)
    }
    writeConnections(all, to: &text)
  }

  private static func writeConnections(_ all: [CallMetrics], to text: inout MetricsText) {
    let counts = all.map { ([("listener", $0.listener.rawValue)], $0.connections.withLock { $0 }) }
    text.describe("lockbox_connections_opened_total", .counter, "Connections past TLS.")
    for (labels, counts) in counts {
      text.sample("lockbox_connections_opened_total", labels, counts.opened)
    }
    text.describe("lockbox_connections_open", .gauge, "Connections now.")
    for (labels, counts) in counts {
      text.sample("lockbox_connections_open", labels, Int64(counts.opened) - Int64(counts.closed))
    }
    text.describe(
      "lockbox_connections_ended_total", .counter,
      "Connections that a defence ended, or did not begin.")
    for (labels, counts) in counts {
      for (defence, count) in zip(Defence.allCases, counts.ended) {
        text.sample(
          "lockbox_connections_ended_total", labels + [("defence", defence.rawValue)], count)
      }
    }
    text.describe("lockbox_tls_refused_total", .counter, "Connections that TLS refused, by reason.")
    for (labels, counts) in counts {
      for (reason, count) in counts.refused.sorted(by: { $0.key < $1.key }) {
        text.sample("lockbox_tls_refused_total", labels + [("reason", reason)], count)
      }
    }
    text.describe(
      "lockbox_tls_cut_total", .counter,
      "Connections ended because their peer's certificate is no good any more, by reason.")
    for (labels, counts) in counts {
      for (reason, count) in counts.cut.sorted(by: { $0.key < $1.key }) {
        text.sample("lockbox_tls_cut_total", labels + [("reason", reason)], count)
      }
    }
  }

  /// The methods that were called at all.
  private var calls: [(labels: [(String, String)], counts: Series.Counts)] {
    var calls: [(labels: [(String, String)], counts: Series.Counts)] = []
    let named = series.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for (path, series) in named + [("unknown", others)] {
      let counts = series.counts.withLock { $0 }
      if counts.finished.contains(where: { $0 > 0 }) || counts.started > 0 {
        calls.append((labels(path), counts))
      }
    }
    return calls
  }

  private func labels(_ path: String) -> [(String, String)] {
    [("listener", listener.rawValue), ("method", path)]
  }
}
