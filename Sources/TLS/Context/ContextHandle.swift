internal import COpenSSL

/// One SSL_CTX as built from one reading of the files; never changed after `init`.
///
/// `@unchecked Sendable`: an SSL_CTX that nobody configures any more may be used for `SSL_new` from
/// every thread, its reference count is atomic, and the other properties are constants.
final class ContextHandle: @unchecked Sendable {
  /// Owned.
  let pointer: OpaquePointer
  /// ALPN names in wire format; the selection callback points at it, so a connection keeps its
  /// handle alive.
  let protocols: ProtocolList
  /// The end of our own certificate, seconds since the epoch.
  let notAfter: Int64?

  init(_ configuration: TLSConfiguration, now: Int64) throws(TLSError) {
    let method = configuration.side == .server ? TLS_server_method() : TLS_client_method()
    ERR_clear_error()
    guard let context = SSL_CTX_new(method) else {
      throw TLSError(.library(OpenSSLFailure.drainText()))
    }
    do {
      protocols = try ProtocolList(configuration.applicationProtocols)
      try Self.setStrict(context)
      notAfter = try Self.loadIdentity(configuration, into: context, now: now)
      try Self.loadTrust(configuration, into: context, now: now)
      try protocols.install(in: context, side: configuration.side)
    } catch {
      SSL_CTX_free(context)
      throw error
    }
    SSL_CTX_set_verify(context, configuration.role.verifyMode, PeerVerification.callback)
    pointer = context
  }

  deinit { SSL_CTX_free(pointer) }

  /// What no file decides: versions, suites, groups, and resumption off in each of its forms.
  private static func setStrict(_ context: OpaquePointer) throws(TLSError) {
    shim_SSL_CTX_set_strict_options(context)
    shim_SSL_CTX_set_buffer_modes(context)
    shim_SSL_CTX_session_cache_off(context)
    SSL_CTX_set_security_level(context, 2)
    // Three certificates above the leaf.
    SSL_CTX_set_verify_depth(context, 3)
    let suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    guard shim_SSL_CTX_only_tls13(context) == 1,
      SSL_CTX_set_num_tickets(context, 0) == 1,
      SSL_CTX_set_max_early_data(context, 0) == 1,
      SSL_CTX_set_recv_max_early_data(context, 0) == 1,
      SSL_CTX_set_ciphersuites(context, suites) == 1,
      shim_SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1
    else { throw TLSError(.library(OpenSSLFailure.drainText())) }
  }
}

extension TLSConfiguration.Role {
  fileprivate var verifyMode: Int32 {
    switch self {
    case .server(.none): SSL_VERIFY_NONE
    case .server(.optional), .client: SSL_VERIFY_PEER
    // VERIFY_PEER alone would let a client without any certificate in.
    case .server(.required): SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
    }
  }
}
