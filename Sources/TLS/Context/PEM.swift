internal import COpenSSL

/// PEM blocks of one file. Whatever a function returns is owned by the caller's `Owned` value.
enum PEM {
  /// All certificates, at least one.
  static func certificates(_ file: String) throws(TLSError) -> [Owned] {
    try blocks(file, .certificate) { bio in
      PEM_read_bio_X509(bio, nil, noPassPhrase, nil).map { Owned($0, free: X509_free) }
    }
  }

  /// All revocation lists, at least one.
  static func revocationLists(_ file: String) throws(TLSError) -> [Owned] {
    try blocks(file, .revocationList) { bio in
      PEM_read_bio_X509_CRL(bio, nil, noPassPhrase, nil).map { Owned($0, free: X509_CRL_free) }
    }
  }

  static func privateKey(_ file: String) throws(TLSError) -> Owned {
    try withBIO(file) { bio, content throws(TLSError) in
      guard content.contains(Array("PRIVATE KEY-----".utf8)) else {
        throw TLSError(.notPEM(wanted: .privateKey), file: file)
      }
      if let key = PEM_read_bio_PrivateKey(bio, nil, noPassPhrase, nil) {
        return Owned(key, free: EVP_PKEY_free)
      }
      let reasons = OpenSSLFailure.drainReasons(of: ERR_LIB_PEM)
      let needsPassPhrase = reasons.contains(PEM_R_BAD_PASSWORD_READ)
      throw TLSError(needsPassPhrase ? .encryptedKey : .malformed(.privateKey), file: file)
    }
  }

  private static func blocks(
    _ file: String, _ kind: TLSError.PEMKind, _ next: (OpaquePointer) -> Owned?
  ) throws(TLSError) -> [Owned] {
    try withBIO(file) { bio, _ throws(TLSError) in
      var found: [Owned] = []
      while let block = next(bio) { found.append(block) }
      // The end of the file is reported as "no start line" too.
      guard OpenSSLFailure.drainReasons(of: ERR_LIB_PEM).contains(PEM_R_NO_START_LINE) else {
        throw TLSError(.malformed(kind), file: file)
      }
      guard !found.isEmpty else { throw TLSError(.notPEM(wanted: kind), file: file) }
      return found
    }
  }

  private static func withBIO<T>(
    _ file: String,
    _ body: (OpaquePointer, UnsafeBufferPointer<UInt8>) throws(TLSError) -> T
  ) throws(TLSError) -> T {
    var bytes = try FileBytes.read(file)
    // Key material does not stay behind in freed memory.
    defer { OPENSSL_cleanse(&bytes, bytes.count) }
    ERR_clear_error()
    return try bytes.withUnsafeBufferPointer { content throws(TLSError) in
      // Borrows the bytes; freed before they go. An array's base is nil at most when it is empty.
      guard let start = content.baseAddress,
        let bio = BIO_new_mem_buf(start, Int32(content.count))
      else { throw TLSError(.library(OpenSSLFailure.drainText())) }
      defer { BIO_free(bio) }
      return try body(bio, content)
    }
  }
}

/// Frees a C object of libcrypto when the last reference goes.
final class Owned {
  let pointer: OpaquePointer
  private let free: (OpaquePointer?) -> Void

  /// - Parameter pointer: taken over.
  init(_ pointer: OpaquePointer, free: @escaping (OpaquePointer?) -> Void) {
    self.pointer = pointer
    self.free = free
  }

  deinit { free(pointer) }
}

/// Without this callback libcrypto would ask for a pass phrase on the terminal.
private func noPassPhrase(
  _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 { -1 }
