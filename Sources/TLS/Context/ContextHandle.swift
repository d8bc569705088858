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
  /// Whom a server lets in; nil for everybody.
  let allowedClients: Set<String>?
  /// Whether a connection without an ALPN name is refused.
  let requiresProtocol: Bool
  /// Which reading of the files this is, counted from 0.
  let generation: Int

  init(_ configuration: TLSConfiguration, now: Int64, generation: Int = 0) throws(TLSError) {
    let method = configuration.side == .server ? TLS_server_method() : TLS_client_method()
    ERR_clear_error()
    guard let context = SSL_CTX_new(method) else {
      throw TLSError(.library(OpenSSLFailure.drainText()))
    }
    do {
      protocols = try ProtocolList(
        configuration.applicationProtocols,
        mayBeEmpty: configuration.side == .client && !configuration.requiresApplicationProtocol)
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
    allowedClients = configuration.allowedClients
    requiresProtocol = configuration.requiresApplicationProtocol
    self.generation = generation
  }

  deinit { SSL_CTX_free(pointer) }
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
