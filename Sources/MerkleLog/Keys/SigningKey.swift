internal import COpenSSL

/// An Ed25519 private key (RFC 8032).
public struct SigningKey: Sendable {
  let handle: KeyHandle

  /// A new random key.
  public static func generate() -> SigningKey {
    let context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard let context, EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_keygen(context, &key) == 1,
      let handle = KeyHandle(owning: key)
    else { preconditionFailure("libcrypto could not generate an Ed25519 key") }
    return SigningKey(handle: handle)
  }

  /// The key that a 32-byte seed gives; nil for any other length.
  public init?(seed: [UInt8]) {
    guard seed.count == 32,
      let handle = KeyHandle(
        owning: EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count))
    else { return nil }
    self.handle = handle
  }

  init(handle: KeyHandle) { self.handle = handle }

  public var publicKey: VerificationKey { VerificationKey(handle: handle) }

  /// The 64-byte signature.
  public func sign(_ message: [UInt8]) -> [UInt8] {
    var count = 64
    let signature = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let signed = withDigestContext { context in
        EVP_DigestSignInit(context, nil, nil, nil, handle.pointer) == 1
          && EVP_DigestSign(context, buffer.baseAddress, &count, message, message.count) == 1
      }
      filled = signed ? count : 0
    }
    // Ed25519 over memory fails only where libcrypto itself is broken.
    precondition(signature.count == 64, "libcrypto could not sign")
    return signature
  }
}
