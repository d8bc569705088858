internal import COpenSSL
internal import NIOCore

/// One SSL object and the ciphertext on its way: ciphertext in, plaintext out, and the reverse.
/// Confined to one event loop.
final class TLSConnection {
  let side: TLSSide
  /// Owned; it owns the BIO over `buffers`.
  private let ssl: OpaquePointer
  private let buffers = CiphertextBuffers()
  private let verification: PeerVerification
  /// The SSL points into its protocol list.
  private let context: ContextHandle

  /// - Parameter now: seconds since the epoch, the time by which certificates are judged.
  init(
    _ context: ContextHandle, side: TLSSide, expecting peer: ExpectedPeer?, now: Int64
  ) throws(TLSError) {
    ERR_clear_error()
    guard let ssl = SSL_new(context.pointer) else {
      throw TLSError(.library(OpenSSLFailure.drainText()))
    }
    guard let bio = buffers.makeBIO() else {
      SSL_free(ssl)
      throw TLSError(.library(OpenSSLFailure.drainText()))
    }
    // One reference serves both directions.
    SSL_set_bio(ssl, bio, bio)
    self.ssl = ssl
    self.context = context
    self.side = side
    verification = PeerVerification(
      side: side, expecting: peer, allowing: context.allowedClients)
    // Not retained: this object keeps it as long as the SSL.
    SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(verification).toOpaque())
    X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), time_t(now))
    switch side {
    case .server: SSL_set_accept_state(ssl)
    case .client: SSL_set_connect_state(ssl)
    }
    if case .hostname(let name) = peer { try setHostname(name) }
  }

  deinit { SSL_free(ssl) }

  private func setHostname(_ name: String) throws(TLSError) {
    let parameters = SSL_get0_param(ssl)
    // An address has no place in SNI (RFC 6066 §3).
    if X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return }
    X509_VERIFY_PARAM_set_hostflags(
      parameters, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
    )
    guard X509_VERIFY_PARAM_set1_host(parameters, name, name.utf8.count) == 1,
      shim_SSL_set_tlsext_host_name(ssl, name) == 1
    else { throw TLSError(.invalidName(name)) }
  }
}

// MARK: - Handshake and end

extension TLSConnection {
  enum Handshake {
    case wantsData
    /// The ALPN name agreed on; empty where none is required.
    case done(applicationProtocol: String)
    case failed(TLSConnectionError)
  }

  func handshake() -> Handshake {
    ERR_clear_error()
    let result = SSL_do_handshake(ssl)
    guard result == 1 else {
      return SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ ? .wantsData : .failed(failure())
    }
    var start: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    SSL_get0_alpn_selected(ssl, &start, &count)
    // A peer that knows nothing of ALPN gets its handshake, as scanners need it, and no more.
    guard count > 0 || !context.requiresProtocol else {
      sendCloseNotify()
      return .failed(TLSConnectionError(.noCommonProtocol, at: side))
    }
    // Whoever shows a certificate was judged by it: our callback had the last word.
    guard verification.identity != nil || SSL_get0_peer_certificate(ssl) == nil else {
      return .failed(TLSConnectionError(.certificateRefused(.other("not judged")), at: side))
    }
    let name = UnsafeBufferPointer(start: start, count: Int(count))
    return .done(applicationProtocol: String(decoding: name, as: UTF8.self))
  }

  /// nil when the peer presented no certificate.
  var peerIdentity: PeerIdentity? { verification.identity }

  /// nil when the peer presented no certificate. Made anew with each call.
  var peerCertificates: PeerCertificates? {
    PeerCertificates(ssl, generation: context.generation)
  }

  /// Puts our close_notify among the ciphertext.
  func sendCloseNotify() {
    ERR_clear_error()
    SSL_shutdown(ssl)
    ERR_clear_error()
  }

  private func failure() -> TLSConnectionError {
    TLSConnectionError(ConnectionFailure.reason(of: ssl, verification), at: side)
  }
}

// MARK: - Data

extension TLSConnection {
  enum Reading {
    case wantsData
    /// close_notify arrived.
    case ended
    case failed(TLSConnectionError)
  }

  /// Takes ciphertext in.
  func receive(_ ciphertext: ByteBuffer) {
    buffers.receive(ciphertext)
  }

  /// Appends all plaintext there is.
  func read(into plaintext: inout ByteBuffer) -> Reading {
    while true {
      shim_ERR_ensure_clear()
      var result: Int32 = 0
      plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: 1024) { space in
        result = SSL_read(ssl, space.baseAddress, Int32(space.count))
        return Int(max(result, 0))
      }
      if result > 0 {
        // Spares the call that would only say "no more".
        if !buffers.hasInbound && SSL_has_pending(ssl) == 0 { return .wantsData }
        continue
      }
      switch SSL_get_error(ssl, result) {
      case SSL_ERROR_WANT_READ: return .wantsData
      case SSL_ERROR_ZERO_RETURN: return .ended
      default: return .failed(failure())
      }
    }
  }

  /// Encrypts one record's worth, at most 16 KiB.
  /// - Returns: how much of the plaintext that was.
  func write(
    _ plaintext: UnsafeRawBufferPointer, into ciphertext: inout ByteBuffer
  ) throws(TLSConnectionError) -> Int {
    shim_ERR_ensure_clear()
    let count = SSL_write(ssl, plaintext.baseAddress, Int32(clamping: plaintext.count))
    guard count > 0 else { throw failure() }
    drain(into: &ciphertext)
    return Int(count)
  }

  /// Whether there is anything to send.
  var hasCiphertext: Bool { buffers.hasOutbound }

  /// Moves the ciphertext there is to the end of `ciphertext`.
  func drain(into ciphertext: inout ByteBuffer) {
    if hasCiphertext { buffers.takeOutbound(into: &ciphertext) }
  }
}
