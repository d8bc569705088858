internal import COpenSSL

extension SigningKey {
  /// The key of an unencrypted PKCS #8 PEM text; nil for anything else, encrypted keys too.
  public init?(pem: [UInt8]) {
    guard let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else {
      preconditionFailure("out of memory")
    }
    defer { BIO_free(bio) }
    // Without a callback of ours libcrypto would ask the terminal for a password.
    let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
    guard let handle = KeyHandle(owning: key) else { return nil }
    self.handle = handle
  }

  /// The key as unencrypted PKCS #8 PEM.
  public var pem: [UInt8] {
    guard let bio = BIO_new(BIO_s_mem()) else { preconditionFailure("out of memory") }
    defer { BIO_free(bio) }
    let written = PEM_write_bio_PrivateKey(bio, handle.pointer, nil, nil, 0, nil, nil)
    precondition(written == 1, "libcrypto could not write a private key")
    let pending = BIO_ctrl_pending(bio)
    return [UInt8](unsafeUninitializedCapacity: pending) { buffer, count in
      count = Int(max(0, BIO_read(bio, buffer.baseAddress, Int32(clamping: pending))))
    }
  }
}
