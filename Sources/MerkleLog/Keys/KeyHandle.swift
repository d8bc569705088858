internal import COpenSSL

/// Owns an `EVP_PKEY *` that holds an Ed25519 key.
// Unchecked: an EVP_PKEY is never changed after it is made, its reference count is atomic, and
// OpenSSL 3 allows its use by any number of contexts on any threads.
final class KeyHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Takes over the caller's reference; nil and freed if it is no Ed25519 key.
  init?(owning pointer: OpaquePointer?) {
    guard let pointer else {
      // What libcrypto queued must not be taken for an error of this thread's next TLS call.
      ERR_clear_error()
      return nil
    }
    self.pointer = pointer
    guard EVP_PKEY_get_id(pointer) == EVP_PKEY_ED25519 else { return nil }
  }

  deinit { EVP_PKEY_free(pointer) }

  /// The raw 32 bytes of the public half.
  var publicBytes: [UInt8] {
    var count = 32
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = EVP_PKEY_get_raw_public_key(pointer, buffer.baseAddress, &count) == 1 ? count : 0
    }
    precondition(bytes.count == 32, "an Ed25519 key without a public half")
    return bytes
  }
}

/// A one-shot `EVP_MD_CTX *`, freed after the call.
func withDigestContext<R>(_ body: (OpaquePointer) -> R) -> R {
  guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
  defer { EVP_MD_CTX_free(context) }
  return body(context)
}
