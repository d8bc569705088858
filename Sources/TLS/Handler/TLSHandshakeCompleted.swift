/// User inbound event of `TLSHandler`, fired once, before any plaintext.
///
/// For a server the peer is verified. For a client the server is verified, but whether the server
/// accepts the client's certificate is not known yet: TLS 1.3 tells with the server's first bytes.
/// Count a client's connection as good only when data has arrived.
public struct TLSHandshakeCompleted: Sendable {
  /// The ALPN name.
  public let applicationProtocol: String
  /// nil when the peer presented no certificate.
  public let peer: PeerIdentity?
  /// For a second look at the peer while the connection lives; nil like `peer`.
  public let certificates: PeerCertificates?

  public init(
    applicationProtocol: String, peer: PeerIdentity?, certificates: PeerCertificates? = nil
  ) {
    self.applicationProtocol = applicationProtocol
    self.peer = peer
    self.certificates = certificates
  }
}
