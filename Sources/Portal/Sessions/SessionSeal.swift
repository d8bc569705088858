internal import COpenSSL

/// Hides what is stored of a session from everybody but the holder of its id: AES-256-GCM with a
/// random nonce, under a key derived from the id, bound to the row that it stands in.
struct SessionSeal {
  private let key: [UInt8]
  private let row: [UInt8]

  private static let nonceLength = 12
  private static let tagLength = 16

  init(_ id: SessionID) {
    key = id.derivedKey(for: "seal")
    row = id.key.bytes
  }

  /// Nonce, ciphertext, tag.
  func seal(_ plain: [UInt8]) -> [UInt8] {
    var nonce = [UInt8](repeating: 0, count: Self.nonceLength)
    // Without randomness or AES nothing may be stored; no answer is better than an open one.
    precondition(RAND_bytes(&nonce, Int32(nonce.count)) == 1, "libcrypto has no randomness")
    let context = EVP_CIPHER_CTX_new()
    defer { EVP_CIPHER_CTX_free(context) }
    var sealed = [UInt8](repeating: 0, count: plain.count)
    var tag = [UInt8](repeating: 0, count: Self.tagLength)
    var count: Int32 = 0
    let done =
      EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
      && EVP_EncryptUpdate(context, nil, &count, row, Int32(row.count)) == 1
      && EVP_EncryptUpdate(context, &sealed, &count, plain, Int32(plain.count)) == 1
      && EVP_EncryptFinal_ex(context, &tag, &count) == 1
      && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
    precondition(done, "libcrypto cannot encrypt with AES-256-GCM")
    return nonce + sealed + tag
  }

  /// Nil where it was sealed with another id, for another row, or changed.
  func open(_ sealed: [UInt8]) -> [UInt8]? {
    guard sealed.count >= Self.nonceLength + Self.tagLength else { return nil }
    let nonce = Array(sealed.prefix(Self.nonceLength))
    let body = Array(sealed.dropFirst(Self.nonceLength).dropLast(Self.tagLength))
    var tag = Array(sealed.suffix(Self.tagLength))
    let context = EVP_CIPHER_CTX_new()
    defer { EVP_CIPHER_CTX_free(context) }
    var plain = [UInt8](repeating: 0, count: body.count)
    var rest = [UInt8](repeating: 0, count: Self.tagLength)
    var count: Int32 = 0
    let done =
      EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
      && EVP_DecryptUpdate(context, nil, &count, row, Int32(row.count)) == 1
      && EVP_DecryptUpdate(context, &plain, &count, body, Int32(body.count)) == 1
      && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
      && EVP_DecryptFinal_ex(context, &rest, &count) == 1
    return done ? plain : nil
  }
}

/// Texts one after another, each with its length before it: what is sealed.
enum SealedTexts {
  static func bytes(_ texts: [String]) -> [UInt8] {
    texts.flatMap { text in
      let length = UInt32(text.utf8.count)
      return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - $0 * 8)) } + Array(text.utf8)
    }
  }

  /// Nil where it is not as many texts to the last byte.
  static func texts(_ bytes: [UInt8], count: Int) -> [String]? {
    var rest = bytes[...]
    var texts: [String] = []
    while !rest.isEmpty {
      guard rest.count >= 4 else { return nil }
      let length = Int(rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
      rest = rest.dropFirst(4)
      guard rest.count >= length,
        let text = String(validating: rest.prefix(length), as: UTF8.self)
      else { return nil }
      texts.append(text)
      rest = rest.dropFirst(length)
    }
    return texts.count == count ? texts : nil
  }
}
