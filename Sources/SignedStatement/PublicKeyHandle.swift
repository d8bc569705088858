internal import COpenSSL

/// Owns an `EVP_PKEY *` that holds a public key.
// Unchecked: an EVP_PKEY is never changed after it is made, its reference count is atomic, and
// OpenSSL 3 allows its use by any number of contexts on any threads.
final class PublicKeyHandle: @unchecked Sendable {
  private let pointer: OpaquePointer

  /// Reads a SubjectPublicKeyInfo; nil for anything that libcrypto would not write so itself, so
  /// that one key has one text and one id.
  init?(der: [UInt8]) {
    var position: UnsafePointer<UInt8>?
    let key = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      position = bytes.baseAddress
      return d2i_PUBKEY(nil, &position, bytes.count)
    }
    guard let key else {
      // What libcrypto queued must not be taken for an error of this thread's next TLS call.
      ERR_clear_error()
      return nil
    }
    pointer = key
    guard written == der else { return nil }
  }

  deinit { EVP_PKEY_free(pointer) }

  var isEd25519: Bool { EVP_PKEY_get_id(pointer) == EVP_PKEY_ED25519 }

  var isP256: Bool {
    guard EVP_PKEY_get_id(pointer) == EVP_PKEY_EC else { return false }
    var name = [CChar](repeating: 0, count: 32)
    var length = 0
    return EVP_PKEY_get_group_name(pointer, &name, name.count, &length) == 1
      && String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        == "prime256v1"
  }

  /// - Parameter hash: the message's digest algorithm; nil where the signature scheme has its own.
  func isValid(_ signature: [UInt8], for message: [UInt8], hash: String?) -> Bool {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
    defer { EVP_MD_CTX_free(context) }
    let result =
      EVP_DigestVerifyInit_ex(context, nil, hash, nil, nil, pointer, nil) == 1
      ? EVP_DigestVerify(context, signature, signature.count, message, message.count) : 0
    if result != 1 { ERR_clear_error() }
    return result == 1
  }

  private var written: [UInt8] {
    let length = i2d_PUBKEY(pointer, nil)
    guard length > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      var position = buffer.baseAddress
      count = Int(max(0, i2d_PUBKEY(pointer, &position)))
    }
  }
}
