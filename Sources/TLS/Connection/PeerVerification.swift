internal import COpenSSL

/// The part of certificate verification that libcrypto leaves to us, for one connection.
///
/// Runs inside the handshake, so that a refusal reaches the peer as an alert.
final class PeerVerification {
  private let side: TLSSide
  private let expected: ExpectedPeer?
  private let allowed: Set<String>?
  /// Set once the leaf was accepted.
  private(set) var identity: PeerIdentity?
  /// Our own refusal, more exact than the code that libcrypto keeps.
  private(set) var refusal: CertificateProblem?
  /// Why a ClientHello was refused.
  var helloRefusal: TLSConnectionError.Reason?

  /// - Parameters:
  ///   - peer: a client's expectation.
  ///   - allowed: whom a server lets in; nil for everybody.
  init(side: TLSSide, expecting peer: ExpectedPeer?, allowing allowed: Set<String>?) {
    self.side = side
    expected = peer
    self.allowed = allowed
  }

  /// The verification of a connection.
  /// - Parameter ssl: borrowed.
  static func of(_ ssl: OpaquePointer?) -> PeerVerification? {
    guard let ssl, let data = SSL_get_ex_data(ssl, 0) else { return nil }
    // TLSConnection keeps it as long as the SSL.
    return Unmanaged<PeerVerification>.fromOpaque(data).takeUnretainedValue()
  }

  /// Only ever turns libcrypto's yes into a no.
  static let callback: @convention(c) (Int32, OpaquePointer?) -> Int32 = { accepted, store in
    guard let store, let certificate = X509_STORE_CTX_get_current_cert(store),
      let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
      let verification = PeerVerification.of(OpaquePointer(ssl))
    else {
      if accepted == 1 { X509_STORE_CTX_set_error(store, X509_V_ERR_UNSPECIFIED) }
      return 0
    }
    let depth = X509_STORE_CTX_get_error_depth(store)
    guard accepted == 1 else {
      if depth == 0 { verification.note(X509_STORE_CTX_get_error(store), certificate) }
      return 0
    }
    // A trust root is trusted as it is, but not as a leaf.
    guard depth == 0 || depth < X509_STORE_CTX_get_num_untrusted(store) else { return 1 }
    let code = verification.judge(certificate, isLeaf: depth == 0)
    guard code == X509_V_OK else {
      X509_STORE_CTX_set_error(store, code)
      return 0
    }
    return 1
  }

  /// Keeps the names of a leaf that libcrypto refused for them: later it is out of reach.
  private func note(_ code: Int32, _ leaf: OpaquePointer) {
    guard code == X509_V_ERR_HOSTNAME_MISMATCH || code == X509_V_ERR_IP_ADDRESS_MISMATCH else {
      return
    }
    refusal = .wrongName(
      expected: expected?.name ?? "", presented: SubjectAlternativeNames(leaf)?.dns ?? [])
  }

  /// - Parameter certificate: borrowed; its chain is verified already.
  /// - Returns: X509_V_OK, or the code that makes libssl send the fitting alert.
  private func judge(_ certificate: OpaquePointer, isLeaf: Bool) -> Int32 {
    if let problem = CertificateProfile.problem(of: certificate) {
      refusal = problem
      return X509_V_ERR_CERT_REJECTED
    }
    guard isLeaf else { return X509_V_OK }
    if let problem = CertificateProfile.problem(ofLeaf: certificate, at: side) {
      refusal = problem
      return X509_V_ERR_INVALID_PURPOSE
    }
    guard let identity = PeerIdentity(leaf: certificate) else {
      refusal = .malformedName
      return X509_V_ERR_HOSTNAME_MISMATCH
    }
    if let problem = problem(of: identity) {
      refusal = problem
      return X509_V_ERR_HOSTNAME_MISMATCH
    }
    self.identity = identity
    return X509_V_OK
  }

  private func problem(of identity: PeerIdentity) -> CertificateProblem? {
    let names = identity.uriNames
    guard !identity.isAmbiguous else { return .severalNames(names) }
    if case .uri(let uri) = expected, !names.contains(where: { $0.utf8.elementsEqual(uri.utf8) }) {
      return .wrongName(expected: uri, presented: names)
    }
    guard let allowed else { return nil }
    guard names.count == 1, allowed.contains(names[0]) else {
      return .notAllowed(presented: names)
    }
    return nil
  }
}
