/// Why a connection was refused or broke off.
public struct TLSConnectionError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable {
    /// The handshake was not over in time.
    case handshakeTimeout(Duration)
    /// The peer closed the connection before the handshake was over.
    case closedInHandshake
    /// The peer speaks something else than TLS.
    case notTLS
    /// The peer does not speak TLS 1.3.
    case versionTooOld
    /// No ALPN name in common.
    case noCommonProtocol
    /// No cipher suite, group or signature scheme in common; libssl's words.
    case noCommonAlgorithm(String)
    /// The client asks for somebody else (SNI) than our certificate names.
    case foreignServerName(String)
    /// The peer presented no certificate and must.
    case certificateMissing
    /// We refused the peer's certificate.
    case certificateRefused(CertificateProblem)
    /// The peer sent a fatal alert. A client may learn of it only after its handshake: in TLS 1.3
    /// the server judges the client's certificate later (RFC 8446 §4.4.2.4).
    case refusedByPeer(TLSAlert)
    /// The connection ended without close_notify: what was last received may be incomplete.
    case truncated
    /// The peer broke the protocol; libssl's words.
    case protocolViolation(String)
  }

  public let reason: Reason
  /// Our end.
  public let side: TLSSide

  public init(_ reason: Reason, at side: TLSSide) {
    self.reason = reason
    self.side = side
  }

  /// One sentence.
  public var description: String {
    let peer = side.peer.name
    switch reason {
    case .handshakeTimeout(let limit):
      return "the \(peer) did not finish the TLS handshake within \(limit)"
    case .closedInHandshake: return "the \(peer) closed the connection during the TLS handshake"
    case .notTLS: return "the \(peer) does not speak TLS on this port"
    case .versionTooOld: return "the \(peer) does not speak TLS 1.3"
    case .noCommonProtocol: return "the \(peer) agrees on no application protocol (ALPN)"
    case .noCommonAlgorithm(let text):
      return "the \(peer) offers no algorithm that is allowed here: \(text)"
    case .foreignServerName(let name): return "the \(peer) asks for \(name), which is not here"
    case .certificateMissing: return "the \(peer) presented no certificate"
    case .certificateRefused(let problem): return "the \(peer)'s certificate is refused: \(problem)"
    case .refusedByPeer(let alert):
      return alert.concernsOurCertificate
        ? "the \(peer) refused our certificate: \(alert)"
        : "the \(peer) refused the connection: \(alert)"
    case .truncated: return "the \(peer) ended the connection without close_notify"
    case .protocolViolation(let text): return "the \(peer) broke the TLS protocol: \(text)"
    }
  }
}
