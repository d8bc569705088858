internal import COpenSSL

/// What a server looks at before it answers a client's first message.
enum ClientHello {
  static let check: SSL_client_hello_cb_fn = { ssl, alert, _ in
    guard let ssl else { return SSL_CLIENT_HELLO_ERROR }
    guard let name = serverName(ssl), isForeign(name, ssl) else { return SSL_CLIENT_HELLO_SUCCESS }
    PeerVerification.of(ssl)?.helloRefusal = .foreignServerName(name)
    alert?.pointee = SSL_AD_UNRECOGNIZED_NAME
    return SSL_CLIENT_HELLO_ERROR
  }

  /// Whether our certificate has host names and this is none of them: the caller was led astray
  /// (RFC 6066 §3). A certificate of URI names alone is reached by any host name.
  private static func isForeign(_ name: String, _ ssl: OpaquePointer) -> Bool {
    guard let own = SSL_get_certificate(ssl), let names = SubjectAlternativeNames(own),
      !names.dns.isEmpty
    else { return false }
    let flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
    // 1: found; 0: not; below: malformed.
    return X509_check_host(own, name, name.utf8.count, UInt32(flags), nil) != 1
  }

  /// The host name of the server_name extension. nil without one, for a damaged one, which libssl
  /// itself refuses, and for an address, which has no place there but is sent by some.
  private static func serverName(_ ssl: OpaquePointer) -> String? {
    // ServerNameList: length, then entries of type (0: host name), length and name.
    var start: UnsafePointer<UInt8>?
    var count = 0
    // Borrowed for the duration of the callback.
    guard SSL_client_hello_get0_ext(ssl, UInt32(TLSEXT_TYPE_server_name), &start, &count) == 1
    else { return nil }
    let list = UnsafeBufferPointer(start: start, count: count)
    guard list.count > 5, list[2] == 0, list.count == 5 + (Int(list[3]) << 8 | Int(list[4]))
    else { return nil }
    let bytes = UnsafeBufferPointer(rebasing: list[5...])
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    let name = String(decoding: bytes, as: UTF8.self)
    guard let address = a2i_IPADDRESS(name) else {
      ERR_clear_error()
      return name
    }
    ASN1_OCTET_STRING_free(address)
    return nil
  }
}
