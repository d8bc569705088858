internal import COpenSSL

/// The part of certificate verification that libcrypto leaves to us, for one connection.
///
/// Runs inside the handshake, so that a refusal reaches the peer as an alert.
final class PeerVerification {
  private let side: TLSSide
  private let expected: ExpectedPeer?
  /// Set once the leaf was accepted.
  private(set) var identity: PeerIdentity?
  /// Our own refusal, more exact than the code that libcrypto keeps.
  private(set) var refusal: CertificateProblem?

  init(side: TLSSide, expecting peer: ExpectedPeer?) {
    self.side = side
    expected = peer
  }

  /// Only ever turns libcrypto's yes into a no.
  static let callback: @convention(c) (Int32, OpaquePointer?) -> Int32 = { accepted, store in
    guard let store, X509_STORE_CTX_get_error_depth(store) == 0 else { return accepted }
    guard let leaf = X509_STORE_CTX_get_current_cert(store),
      let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
      let data = SSL_get_ex_data(OpaquePointer(ssl), 0)
    else {
      if accepted == 1 { X509_STORE_CTX_set_error(store, X509_V_ERR_UNSPECIFIED) }
      return 0
    }
    let verification = Unmanaged<PeerVerification>.fromOpaque(data).takeUnretainedValue()
    guard accepted == 1 else {
      verification.note(X509_STORE_CTX_get_error(store), leaf)
      return 0
    }
    let code = verification.judge(leaf)
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

  /// - Parameter leaf: borrowed; its chain is verified already.
  /// - Returns: X509_V_OK, or the code that makes libssl send the fitting alert.
  private func judge(_ leaf: OpaquePointer) -> Int32 {
    guard X509_check_ca(leaf) == 0 else {
      refusal = .authorityAsLeaf
      return X509_V_ERR_INVALID_PURPOSE
    }
    // libcrypto accepts a leaf that has no extended key usage at all for every purpose.
    let wanted = side == .server ? XKU_SSL_CLIENT : XKU_SSL_SERVER
    let usage = X509_get_extended_key_usage(leaf)
    // And a server's leaf that may only encrypt, which TLS 1.3 has no use for. Without the
    // extension every use is allowed, all bits being set (RFC 5280 §4.2.1.3).
    guard usage != UInt32.max, usage & UInt32(wanted) != 0,
      X509_get_key_usage(leaf) & UInt32(KU_DIGITAL_SIGNATURE) != 0
    else {
      refusal = .wrongPurpose
      return X509_V_ERR_INVALID_PURPOSE
    }
    guard let identity = PeerIdentity(leaf: leaf) else {
      refusal = .malformedName
      return X509_V_ERR_HOSTNAME_MISMATCH
    }
    if case .uri(let uri) = expected, !identity.uriNames.contains(uri) {
      refusal = .wrongName(expected: uri, presented: identity.uriNames)
      return X509_V_ERR_HOSTNAME_MISMATCH
    }
    self.identity = identity
    return X509_V_OK
  }
}
