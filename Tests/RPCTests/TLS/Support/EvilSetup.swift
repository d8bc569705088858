internal import COpenSSL
internal import TLS

/// How an end with none of our rules speaks TLS. As it begins, it does nothing wrong.
struct EvilSetup: @unchecked Sendable {
  // Unchecked: a session that somebody has is not changed any more.

  var credential: ForgedCredential?
  var oldest: Int32 = TLS1_VERSION
  var newest: Int32 = TLS1_3_VERSION
  /// Suites of TLS 1.3; nil for libssl's own, as in what follows.
  var suites: String?
  var groups: String?
  var signatures: String?
  /// ALPN names; a server takes the first, whatever its client offers.
  var protocols = ["h2"]
  /// What a client asks for by SNI.
  var serverName: String?
  /// A session that a client had with somebody, and whether it sends data at once.
  var session: EvilSession?
  var sendsEarlyData = false

  init(_ credential: ForgedCredential?) { self.credential = credential }

  init(_ credential: ForgedCredential?, _ change: (inout EvilSetup) -> Void) {
    self.init(credential)
    change(&self)
  }

  /// - Returns: owned by the caller.
  func context(_ side: TLSSide) throws -> OpaquePointer {
    let context = try forged(
      SSL_CTX_new(side == .server ? TLS_server_method() : TLS_client_method()))
    SSL_CTX_set_security_level(context, 0)
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
    SSL_CTX_set_num_tickets(context, 0)
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(oldest), nil)
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(newest), nil)
    try forge(SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0"))
    if let suites { try forge(SSL_CTX_set_ciphersuites(context, suites)) }
    if let groups { try forge(shim_SSL_CTX_set1_groups_list(context, groups)) }
    if let signatures { try forge(shim_SSL_CTX_set1_sigalgs_list(context, signatures)) }
    if let credential {
      try forge(SSL_CTX_use_certificate(context, credential.leaf.pointer))
      try forge(SSL_CTX_use_PrivateKey(context, credential.key.pointer))
      for certificate in credential.chain {
        try forge(shim_SSL_CTX_add1_chain_cert(context, certificate.pointer))
      }
    }
    SSL_CTX_set_keylog_callback(context) { ssl, line in EvilLink.of(ssl)?.keep(line) }
    setProtocols(context, side)
    return context
  }

  private func setProtocols(_ context: OpaquePointer, _ side: TLSSide) {
    switch side {
    case .client:
      let wire = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
      if !wire.isEmpty { SSL_CTX_set_alpn_protos(context, wire, UInt32(wire.count)) }
    case .server:
      guard !protocols.isEmpty else { return }
      SSL_CTX_set_alpn_select_cb(
        context,
        { ssl, chosen, length, _, _, _ in
          guard let link = EvilLink.of(ssl) else { return SSL_TLSEXT_ERR_NOACK }
          chosen?.pointee = UnsafePointer(link.chosenProtocol.baseAddress)
          length?.pointee = UInt8(link.chosenProtocol.count)
          return SSL_TLSEXT_ERR_OK
        }, nil)
    }
  }
}

/// A session to resume.
///
/// `@unchecked Sendable`: read only.
final class EvilSession: @unchecked Sendable {
  /// Owned.
  let pointer: OpaquePointer

  init(owning pointer: OpaquePointer) { self.pointer = pointer }

  deinit { SSL_SESSION_free(pointer) }
}
