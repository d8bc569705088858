internal import COpenSSL

extension TLSContext {
  /// Whether there is a reason to look at a peer again: the files were read anew since, or one of
  /// its certificates has expired. Cheap, and from any thread.
  public func isDue(_ peer: PeerCertificates) -> Bool {
    peer.judgedGeneration < generation || peer.notAfter < now()
  }

  /// Verifies again, by the present trust roots and revocation lists, who was let in before. Takes a
  /// few hundred microseconds: not for an event loop.
  ///
  /// A list that has run out since, or is missing now, is no reason against a peer that was let in:
  /// it keeps new connections out, and its renewal would otherwise have to be in time to the second.
  ///
  /// - Returns: why the peer is welcome no more; nil when it still is.
  public func review(_ peer: PeerCertificates) -> CertificateProblem? {
    let handle = handle
    peer.wasJudged(by: handle.generation)
    let problem = handle.problem(with: peer, at: configuration.side, now: now())
    return problem == .revocationUnknown ? nil : problem
  }
}

extension ContextHandle {
  /// What libssl does in a handshake, without the parts that no reload can change: purpose and names.
  fileprivate func problem(
    with peer: PeerCertificates, at side: TLSSide, now: Int64
  ) -> CertificateProblem? {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let store = SSL_CTX_get_cert_store(pointer), let work = X509_STORE_CTX_new() else {
      return .other(OpenSSLFailure.drainText())
    }
    defer { X509_STORE_CTX_free(work) }
    let role = side == .server ? "ssl_client" : "ssl_server"
    guard X509_STORE_CTX_init(work, store, peer.leaf, peer.untrusted) == 1,
      X509_STORE_CTX_set_default(work, role) == 1,
      let parameters = X509_STORE_CTX_get0_param(work)
    else { return .other(OpenSSLFailure.drainText()) }
    X509_VERIFY_PARAM_set_depth(parameters, Self.depth)
    X509_VERIFY_PARAM_set_auth_level(parameters, Self.securityLevel)
    X509_VERIFY_PARAM_set_time(parameters, time_t(now))
    guard X509_verify_cert(work) != 1 else { return nil }
    return CertificateProblem(X509_STORE_CTX_get_error(work))
  }
}
