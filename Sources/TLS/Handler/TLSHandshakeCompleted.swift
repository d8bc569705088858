/// User inbound event of `TLSHandler`, fired once, before any plaintext.
///
/// For a server the peer is verified. For a client the server is verified, but whether the server
/// accepts the client's certificate is not known yet: TLS 1.3 tells with the server's first bytes.
/// Count a client's connection as good only when data has arrived.
public struct TLSHandshakeCompleted: Sendable, Hashable {
  /// The ALPN name.
  public let applicationProtocol: String
  /// nil when the peer presented no certificate.
  public let peer: PeerIdentity?

  public init(applicationProtocol: String, peer: PeerIdentity?) {
    self.applicationProtocol = applicationProtocol
    self.peer = peer
  }
}
