internal import Logging
internal import NIOCore
internal import TLS

/// Tells of connections that TLS ended. Each is counted; whoever can connect could fill the log, so
/// that has a budget, and the next line says how many went without one.
final class RefusedHandshakes: Sendable {
  private let lines: LogBudget

  init(_ rate: EventRate) {
    lines = LogBudget(rate)
  }

  func note(
    _ error: TLSConnectionError, from remote: SocketAddress?, _ metrics: (any RPCMetrics)?,
    _ logger: Logger
  ) {
    let remote = Logger.MetadataValue.string(remote.map(String.init(describing:)) ?? "?")
    switch error.reason {
    case .closedInHandshake, .truncated:
      // Probes, and clients that are ended: nobody was refused.
      logger.debug("connection failed", metadata: ["remote": remote, "error": "\(error)"])
      return
    default: break
    }
    metrics?.handshakeRefused(error.reason)
    guard let unlogged = lines.spend() else { return }
    var metadata: Logger.Metadata = ["remote": remote, "error": "\(error)"]
    if unlogged > 0 { metadata["unlogged"] = "\(unlogged)" }
    logger.warning("connection refused", metadata: metadata)
  }
}
