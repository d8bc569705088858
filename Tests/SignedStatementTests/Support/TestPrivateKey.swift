internal import COpenSSL
internal import Testing

/// A private key of any kind, straight from libcrypto.
final class TestPrivateKey {
  private let pointer: OpaquePointer

  /// - Parameter kind: a curve of EC, `RSA`, or what libcrypto knows by itself.
  init(_ kind: String) throws {
    let isCurve = kind.hasPrefix("P-")
    let context = try #require(
      EVP_PKEY_CTX_new_from_name(nil, isCurve ? "EC" : kind, nil))
    defer { EVP_PKEY_CTX_free(context) }
    try #require(EVP_PKEY_keygen_init(context) == 1)
    if isCurve { try #require(EVP_PKEY_CTX_set_group_name(context, kind) == 1) }
    var key: OpaquePointer?
    try #require(EVP_PKEY_generate(context, &key) == 1)
    pointer = try #require(key)
  }

  deinit { EVP_PKEY_free(pointer) }

  var publicDER: [UInt8] {
    let length = i2d_PUBKEY(pointer, nil)
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      var position = buffer.baseAddress
      count = Int(i2d_PUBKEY(pointer, &position))
    }
  }

  /// ECDSA with SHA-256, DER.
  func sign(_ message: [UInt8]) throws -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    try #require(EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, pointer, nil) == 1)
    var length = 128
    var signature = [UInt8](repeating: 0, count: length)
    try #require(EVP_DigestSign(context, &signature, &length, message, message.count) == 1)
    return Array(signature.prefix(length))
  }
}
