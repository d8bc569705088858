internal import Logging
internal import NIOCore
internal import NIOPosix
internal import TLS

/// Looks again at the peers of a listener's live connections, and ends the connections of those whose
/// certificates have been revoked, have expired, or lead to an authority that is trusted no more.
///
/// A handshake is judged by the files of its moment; without this, a revocation would wait for the
/// connection's age. From the change of a file to the end of the connection it takes the interval of
/// `TLSContext.watch`, that of the review, and two seconds for a peer that does not read.
enum PeerReview {
  /// Runs for as long as the listener is there.
  static func begin(_ listener: ListenerState, on loop: any EventLoop) {
    guard listener.tls.configuration.asksForCertificates else { return }
    let interval = TimeAmount(listener.limits.peerReviewInterval)
    loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak listener] task in
      guard let listener else { return task.cancel() }
      let due = listener.connections.peers(where: listener.tls.isDue)
      guard !due.isEmpty else { return }
      // Signatures are verified: not on an event loop.
      NIOThreadPool.singleton.submit { _ in review(due, listener) }
    }
  }

  private static func review(
    _ peers: [(connection: ServerConnection, certificates: PeerCertificates)],
    _ listener: ListenerState
  ) {
    for (connection, certificates) in peers {
      guard let problem = listener.tls.review(certificates),
        listener.connections.forget(connection)
      else { continue }
      connection.executor.loop.execute { connection.cut(problem) }
    }
  }
}

extension ServerConnection {
  /// Ends the connection and all that runs on it: the peer is welcome no more.
  fileprivate func cut(_ problem: CertificateProblem) {
    metrics?.peerCut(problem)
    logger.warning(
      "connection ended: its peer is welcome no more",
      metadata: [
        "peer": "\(info.peer?.connectionKey ?? "?")",
        "remote": "\(info.remoteAddress.map(String.init(describing:)) ?? "?")",
        "reason": "\(problem)",
      ])
    abort()
  }
}

extension TLSConfiguration {
  fileprivate var asksForCertificates: Bool {
    switch role {
    case .server(.none): false
    case .server(.optional), .server(.required), .client: true
    }
  }
}
