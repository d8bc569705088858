internal import COpenSSL

/// Seals records that libssl would never send, as the first ones under a traffic secret of
/// TLS_AES_128_GCM_SHA256 (RFC 8446 §5, §7.3).
struct RecordForger {
  private let key: [UInt8]
  private let nonce: [UInt8]

  init(_ secret: [UInt8]) throws {
    key = try Self.expand(secret, "key", 16)
    nonce = try Self.expand(secret, "iv", 12)
  }

  /// One handshake message in the first record, whose sequence number is 0.
  func handshakeRecord(_ message: [UInt8]) throws -> [UInt8] {
    let handshake: UInt8 = 22
    let plain = message + [handshake]
    let size = plain.count + 16
    let header: [UInt8] = [23, 3, 3, UInt8(size >> 8), UInt8(size & 0xFF)]
    let work = try forged(EVP_CIPHER_CTX_new())
    defer { EVP_CIPHER_CTX_free(work) }
    var sealed = [UInt8](repeating: 0, count: plain.count)
    var tag = [UInt8](repeating: 0, count: 16)
    var count: Int32 = 0
    try forge(EVP_EncryptInit_ex(work, EVP_aes_128_gcm(), nil, key, nonce))
    try forge(EVP_EncryptUpdate(work, nil, &count, header, Int32(header.count)))
    try forge(EVP_EncryptUpdate(work, &sealed, &count, plain, Int32(plain.count)))
    try forge(EVP_EncryptFinal_ex(work, nil, &count))
    try forge(EVP_CIPHER_CTX_ctrl(work, EVP_CTRL_AEAD_GET_TAG, 16, &tag))
    return header + sealed + tag
  }

  /// A handshake message (RFC 8446 §4).
  static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, UInt8(body.count >> 16), UInt8(body.count >> 8 & 0xFF), UInt8(body.count & 0xFF)] + body
  }

  /// HKDF-Expand-Label with an empty context, for at most 32 bytes.
  private static func expand(_ secret: [UInt8], _ label: String, _ count: Int) throws -> [UInt8] {
    let name = Array("tls13 \(label)".utf8)
    let info = [0, UInt8(count), UInt8(name.count)] + name + [0, 1]
    var block = [UInt8](repeating: 0, count: 32)
    var length = 0
    _ = try forged(
      EVP_Q_mac(
        nil, "HMAC", nil, "SHA256", nil, secret, secret.count, info, info.count, &block,
        block.count, &length))
    return Array(block.prefix(count))
  }
}
