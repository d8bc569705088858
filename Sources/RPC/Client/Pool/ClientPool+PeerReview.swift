internal import NIOCore
internal import NIOPosix
internal import TLS

extension ClientPool {
  /// Looks again at the servers of live connections at every interval, as `PeerReview` does at the
  /// other end, for as long as there are connections.
  func reviewPeers() {
    guard !isReviewing else { return }
    isReviewing = true
    _ = schedule(after: options.peerReviewInterval) { [weak self] in
      guard let self else { return }
      self.isReviewing = false
      guard !self.connections.isEmpty else { return }
      self.reviewPeers()
      for connection in self.connections.values { self.review(connection) }
    }
  }

  private func review(_ connection: ClientConnection) {
    guard let certificates = connection.certificates, tls.isDue(certificates) else { return }
    // Signatures are verified: not on an event loop.
    NIOThreadPool.singleton.runIfActive(eventLoop: loop) { [tls] in
      tls.review(certificates)
    }.whenSuccess { problem in
      guard let problem else { return }
      connection.fail(TLSConnectionError(.certificateRefused(problem), at: .client))
    }
  }
}
