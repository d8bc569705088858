internal import COpenSSL

/// An Ed25519 public key (RFC 8032).
public struct VerificationKey: Sendable, Hashable {
  /// The raw 32 bytes.
  public let bytes: [UInt8]
  private let handle: KeyHandle

  /// Nil for any other length than 32 bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 32,
      let handle = KeyHandle(
        owning: EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count))
    else { return nil }
    self.bytes = bytes
    self.handle = handle
  }

  init(handle: KeyHandle) {
    self.handle = handle
    bytes = handle.publicBytes
  }

  public func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
    guard signature.count == 64 else { return false }
    let result = withDigestContext { context -> Int32 in
      guard EVP_DigestVerifyInit(context, nil, nil, nil, handle.pointer) == 1 else { return 0 }
      return EVP_DigestVerify(context, signature, signature.count, message, message.count)
    }
    if result != 1 { ERR_clear_error() }
    return result == 1
  }

  public static func == (a: VerificationKey, b: VerificationKey) -> Bool { a.bytes == b.bytes }

  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}
