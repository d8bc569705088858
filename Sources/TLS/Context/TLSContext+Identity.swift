internal import COpenSSL

extension TLSContext {
  /// Who our own certificate says that we are; nil without one, or when its names do not decode.
  public var identity: PeerIdentity? {
    // Borrowed from the context, which the handle keeps.
    SSL_CTX_get0_certificate(handle.pointer).flatMap { PeerIdentity(leaf: $0) }
  }
}
