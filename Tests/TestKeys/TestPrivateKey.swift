internal import COpenSSL

/// A private key of any kind, straight from libcrypto.
// Unchecked: the key is never changed after it is made, and OpenSSL 3 allows its use by any number
// of contexts on any threads.
public final class TestPrivateKey: @unchecked Sendable {
  private let pointer: OpaquePointer

  /// libcrypto does not do what it should.
  public struct Failed: Error {}

  /// - Parameter kind: a curve of EC, `RSA`, or what libcrypto knows by itself.
  public init(_ kind: String) throws(Failed) {
    let isCurve = kind.hasPrefix("P-")
    guard let context = EVP_PKEY_CTX_new_from_name(nil, isCurve ? "EC" : kind, nil) else {
      throw Failed()
    }
    defer { EVP_PKEY_CTX_free(context) }
    guard EVP_PKEY_keygen_init(context) == 1 else { throw Failed() }
    if isCurve, EVP_PKEY_CTX_set_group_name(context, kind) != 1 { throw Failed() }
    var key: OpaquePointer?
    guard EVP_PKEY_generate(context, &key) == 1, let key else { throw Failed() }
    pointer = key
  }

  deinit { EVP_PKEY_free(pointer) }

  public var publicDER: [UInt8] {
    let length = i2d_PUBKEY(pointer, nil)
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      var position = buffer.baseAddress
      count = Int(i2d_PUBKEY(pointer, &position))
    }
  }

  /// ECDSA with SHA-256, DER.
  public func sign(_ message: [UInt8]) throws(Failed) -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, pointer, nil) == 1 else {
      throw Failed()
    }
    var length = 128
    var signature = [UInt8](repeating: 0, count: length)
    guard EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else {
      throw Failed()
    }
    return Array(signature.prefix(length))
  }
}
