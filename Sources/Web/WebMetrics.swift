internal import ServiceKit
internal import Synchronization
internal import TLS

/// Counts the requests of a listener by route and status, and what becomes of its connections.
final class WebMetrics: Sendable {
  private struct Series {
    var statuses: [Int: UInt64] = [:]
    var latency = LatencyHistogram()
  }

  private struct State {
    var series: [String: Series] = [:]
    var opened: UInt64 = 0
    var closed: UInt64 = 0
    var ended: [String: UInt64] = [:]
    var refused: [String: UInt64] = [:]
  }

  private let state = Mutex(State())

  /// - Parameter route: a route's name, or `unknown`: never what a caller wrote.
  func answered(_ route: String, status: Int, after duration: Duration) {
    state.withLock { state in
      state.series[route, default: Series()].statuses[status, default: 0] += 1
      state.series[route]?.latency.record(duration)
    }
  }

  func connectionOpened() { state.withLock { $0.opened += 1 } }
  func connectionClosed() { state.withLock { $0.closed += 1 } }
  func connectionEnded(by reason: String) {
    state.withLock { $0.ended[reason, default: 0] += 1 }
  }
  func handshakeRefused(_ reason: TLSConnectionError.Reason) {
    state.withLock { $0.refused[reason.label, default: 0] += 1 }
  }

  func write(to text: inout MetricsText) {
    let state = state.withLock { $0 }
    let series = state.series.sorted { $0.key < $1.key }
    text.describe("lockbox_http_requests_total", .counter, "Requests answered, by status.")
    for (route, series) in series {
      for (status, count) in series.statuses.sorted(by: { $0.key < $1.key }) {
        text.sample(
          "lockbox_http_requests_total", [("route", route), ("status", "\(status)")], count)
      }
    }
    text.describe("lockbox_http_seconds", .histogram, "From a request's head to its answer.")
    for (route, series) in series {
      series.latency.write(to: &text, "lockbox_http_seconds", [("route", route)])
    }
    text.describe("lockbox_http_connections_open", .gauge, "Connections past TLS.")
    text.sample(
      "lockbox_http_connections_open", Int64(state.opened) - Int64(state.closed))
    text.describe(
      "lockbox_http_connections_ended_total", .counter, "Connections ended for their peer's pace.")
    for (reason, count) in state.ended.sorted(by: { $0.key < $1.key }) {
      text.sample("lockbox_http_connections_ended_total", [("reason", reason)], count)
    }
    text.describe("lockbox_http_tls_refused_total", .counter, "Handshakes that failed, by reason.")
    for (reason, count) in state.refused.sorted(by: { $0.key < $1.key }) {
      text.sample("lockbox_http_tls_refused_total", [("reason", reason)], count)
    }
  }
}
