internal import COpenSSL

/// ALPN names in the wire format of RFC 7301 §3.1.
final class ProtocolList: Sendable {
  let wire: [UInt8]

  /// - Parameter mayBeEmpty: for a client that offers none: of protocols that know no ALPN.
  init(_ names: [String], mayBeEmpty: Bool = false) throws(TLSError) {
    guard mayBeEmpty || !names.isEmpty else {
      throw TLSError(.settingMissing("application protocol (ALPN)"))
    }
    var wire: [UInt8] = []
    for name in names {
      guard (1...255).contains(name.utf8.count) else { throw TLSError(.invalidName(name)) }
      wire.append(UInt8(name.utf8.count))
      wire += name.utf8
    }
    self.wire = wire
  }

  func install(in context: OpaquePointer, side: TLSSide) throws(TLSError) {
    switch side {
    case .client:
      // This one call answers 0 for success.
      guard SSL_CTX_set_alpn_protos(context, wire, UInt32(wire.count)) == 0 else {
        throw TLSError(.library(OpenSSLFailure.drainText()))
      }
    case .server:
      SSL_CTX_set_alpn_select_cb(
        context, Self.select, Unmanaged.passUnretained(self).toOpaque())
      SSL_CTX_set_client_hello_cb(context, ClientHello.check, nil)
    }
  }

  private typealias Select =
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
      UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
    ) -> Int32

  /// The client's first choice among those we have; none in common is fatal. Not called for a client
  /// that offers nothing at all.
  private static let select: Select = { _, chosen, length, offers, offersLength, list in
    guard let list else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let wire = Unmanaged<ProtocolList>.fromOpaque(list).takeUnretainedValue().wire
    var found: UnsafeMutablePointer<UInt8>?
    // `found` points into the first list given: the offers, which outlive this callback.
    let result = SSL_select_next_proto(
      &found, length, offers, offersLength, wire, UInt32(wire.count))
    guard result == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    chosen?.pointee = UnsafePointer(found)
    return SSL_TLSEXT_ERR_OK
  }
}
