internal import COpenSSL
internal import Glibc

/// A private key, of any strength.
///
/// `@unchecked Sendable`: nothing changes the EVP_PKEY after `init`.
final class ForgedKey: @unchecked Sendable {
  enum Kind: Sendable {
    case p256, p384, p192, ed25519
    case rsa(bits: Int)
  }

  /// Owned.
  let pointer: OpaquePointer

  init(_ kind: Kind) throws {
    let made =
      switch kind {
      case .p256: shim_EVP_P256_gen()
      case .p384: Self.curve(NID_secp384r1)
      case .p192: Self.curve(NID_X9_62_prime192v1)
      case .ed25519: shim_EVP_ED25519_gen()
      case .rsa(let bits): shim_EVP_RSA_gen(bits)
      }
    pointer = try forged(made)
  }

  /// The public half of one P-256 key with the private half of another: it passes for the first one's
  /// until somebody verifies what it signs.
  init(publicHalfOf key: ForgedKey) throws {
    let other = try ForgedKey(.p256)
    var point = [UInt8](repeating: 0, count: 200)
    var length = 0
    try forge(EVP_PKEY_get_octet_string_param(key.pointer, "pub", &point, point.count, &length))
    var secret: OpaquePointer?
    try forge(EVP_PKEY_get_bn_param(other.pointer, "priv", &secret))
    defer { BN_free(secret) }
    let builder = OSSL_PARAM_BLD_new()
    defer { OSSL_PARAM_BLD_free(builder) }
    // The builder keeps pointers and copies only at the end, hence the pointers that stay.
    let words: [String] = ["group", "prime256v1", "pub", "priv"]
    let texts = words.map { word in strdup(word) }
    defer { for text in texts { free(text) } }
    let parameters = try point.withUnsafeBufferPointer { point in
      try forge(OSSL_PARAM_BLD_push_utf8_string(builder, texts[0], texts[1], 0))
      try forge(OSSL_PARAM_BLD_push_octet_string(builder, texts[2], point.baseAddress, length))
      try forge(OSSL_PARAM_BLD_push_BN(builder, texts[3], secret))
      return try forged(OSSL_PARAM_BLD_to_param(builder))
    }
    defer { OSSL_PARAM_free(parameters) }
    let work = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
    defer { EVP_PKEY_CTX_free(work) }
    try forge(EVP_PKEY_fromdata_init(work))
    var made: OpaquePointer?
    // EVP_PKEY_KEYPAIR, a macro that Swift cannot read.
    try forge(EVP_PKEY_fromdata(work, &made, 0x87, parameters))
    pointer = try forged(made)
  }

  deinit { EVP_PKEY_free(pointer) }

  private static func curve(_ nid: Int32) -> OpaquePointer? {
    let work = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
    defer { EVP_PKEY_CTX_free(work) }
    var key: OpaquePointer?
    guard EVP_PKEY_keygen_init(work) == 1,
      EVP_PKEY_CTX_set_ec_paramgen_curve_nid(work, nid) == 1, EVP_PKEY_keygen(work, &key) == 1
    else { return nil }
    return key
  }

  func pem() throws -> String {
    try pemText { PEM_write_bio_PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
  }
}

struct ForgeryFailure: Error {
  let text: String

  init() {
    let reason = ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) }
    text = reason ?? "no reason given"
    ERR_clear_error()
  }
}

/// What libcrypto made.
func forged<T>(_ made: T?) throws -> T {
  guard let made else { throw ForgeryFailure() }
  return made
}

/// - Parameter result: libcrypto's, positive for success.
func forge(_ result: Int32) throws {
  guard result > 0 else { throw ForgeryFailure() }
}

/// What `write` prints.
func pemText(_ write: (OpaquePointer) -> Int32) throws -> String {
  let bio = try forged(BIO_new(BIO_s_mem()))
  defer { BIO_free(bio) }
  try forge(write(bio))
  var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(bio))
  let count = BIO_read(bio, &bytes, Int32(bytes.count))
  return String(decoding: bytes.prefix(Int(max(count, 0))), as: UTF8.self)
}
