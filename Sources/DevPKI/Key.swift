internal import COpenSSL

/// The kinds of key that can be made.
public enum KeyKind: Sendable, Hashable {
  case p256
  case ed25519
  /// For what must deal with old or weak keys.
  case rsa(bits: Int)
}

/// A private key.
///
/// `@unchecked Sendable`: nothing changes the EVP_PKEY after `init`, and its reads are thread-safe.
final class Key: @unchecked Sendable {
  /// Owned.
  let pointer: OpaquePointer

  init(_ kind: KeyKind) throws(PKIError) {
    let made =
      switch kind {
      case .p256: shim_EVP_P256_gen()
      case .ed25519: shim_EVP_ED25519_gen()
      case .rsa(let bits): shim_EVP_RSA_gen(bits)
      }
    pointer = try some(made, "make a key")
  }

  init(pem: String) throws(PKIError) {
    pointer = try withBIO(of: pem) { bio throws(PKIError) in
      try some(PEM_read_bio_PrivateKey(bio, nil, noPassPhrase, nil), "read the private key")
    }
  }

  deinit { EVP_PKEY_free(pointer) }

  /// PKCS#8.
  func pem() throws(PKIError) -> String {
    try pemText { PEM_write_bio_PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
  }

  /// Ed25519 hashes on its own account.
  var digest: OpaquePointer? {
    EVP_PKEY_get_base_id(pointer) == EVP_PKEY_ED25519 ? nil : EVP_sha256()
  }
}

/// Without this callback libcrypto would ask on the terminal.
private func noPassPhrase(
  _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 { -1 }
