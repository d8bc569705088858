internal import COpenSSL

/// The part of certificate verification that libcrypto leaves to us, for one connection.
///
/// Runs inside the handshake, so that a refusal reaches the peer as an alert.
final class PeerVerification {
  private let side: TLSSide
  /// The exact URI SAN that is asked for; host names are libcrypto's business.
  private let uri: String?
  /// Set once the leaf was accepted.
  private(set) var identity: PeerIdentity?
  /// Our own refusal, more exact than the code that libcrypto keeps.
  private(set) var refusal: CertificateProblem?

  init(side: TLSSide, expecting peer: ExpectedPeer?) {
    self.side = side
    switch peer {
    case .uri(let uri): self.uri = uri
    case .hostname, nil: uri = nil
    }
  }

  /// Only ever turns libcrypto's yes into a no.
  static let callback: @convention(c) (Int32, OpaquePointer?) -> Int32 = { accepted, store in
    guard accepted == 1, let store else { return 0 }
    guard X509_STORE_CTX_get_error_depth(store) == 0 else { return 1 }
    guard let leaf = X509_STORE_CTX_get_current_cert(store),
      let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
      let data = SSL_get_ex_data(OpaquePointer(ssl), 0)
    else {
      X509_STORE_CTX_set_error(store, X509_V_ERR_UNSPECIFIED)
      return 0
    }
    let verification = Unmanaged<PeerVerification>.fromOpaque(data).takeUnretainedValue()
    let code = verification.judge(leaf)
    guard code == X509_V_OK else {
      X509_STORE_CTX_set_error(store, code)
      return 0
    }
    return 1
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
    guard usage != UInt32.max, usage & UInt32(wanted) != 0 else {
      refusal = .wrongPurpose
      return X509_V_ERR_INVALID_PURPOSE
    }
    guard let identity = PeerIdentity(leaf: leaf) else {
      refusal = .malformedName
      return X509_V_ERR_HOSTNAME_MISMATCH
    }
    if let uri, !identity.uriNames.contains(uri) {
      refusal = .wrongName(expected: uri, presented: identity.uriNames)
      return X509_V_ERR_HOSTNAME_MISMATCH
    }
    self.identity = identity
    return X509_V_OK
  }
}
