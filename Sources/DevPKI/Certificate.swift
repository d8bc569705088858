internal import COpenSSL

/// A certificate.
///
/// `@unchecked Sendable`: nothing changes the X509 once it is signed or read, and its reads are
/// thread-safe.
final class Certificate: @unchecked Sendable {
  /// Owned.
  let pointer: OpaquePointer

  /// - Parameter pointer: taken over.
  init(owning pointer: OpaquePointer) { self.pointer = pointer }

  deinit { X509_free(pointer) }

  func pem() throws(PKIError) -> String { try pemText { PEM_write_bio_X509($0, pointer) } }

  /// All certificates of a text, at least one.
  static func all(pem: String) throws(PKIError) -> [Certificate] {
    let found = try withBIO(of: pem) { bio throws(PKIError) in
      var found: [Certificate] = []
      while let next = PEM_read_bio_X509(bio, nil, nil, nil) {
        found.append(Certificate(owning: next))
      }
      return found
    }
    try check(!found.isEmpty, "read a certificate")
    // The end of the text counts as an error.
    ERR_clear_error()
    return found
  }
}
