internal import COpenSSL

/// HMAC with SHA-256 (RFC 2104) through the system's libcrypto.
public enum HmacSha256 {
  /// The 32-byte code.
  public static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    var count = 0
    // Fails only where libcrypto has no HMAC or no memory; no answer is better than a wrong one.
    let done = EVP_Q_mac(
      nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &code, code.count,
      &count)
    precondition(done != nil && count == 32, "libcrypto cannot compute HMAC-SHA256")
    return code
  }
}
