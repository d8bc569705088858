internal import COpenSSL

/// SHA-256 (FIPS 180-4) through the system's libcrypto.
public enum Sha256 {
  /// Fetched once: an implicit fetch costs more than hashing a small message does.
  // OpenSSL's fetched algorithms are immutable and shared between threads by design.
  private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

  /// The 32-byte digest.
  public static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var digest = [UInt8](repeating: 0, count: 32)
    func update(_ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
      EVP_DigestInit_ex2(context, algorithm, nil) == 1
        && EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1
        && EVP_DigestFinal_ex(context, &digest, nil) == 1
    }
    let done =
      bytes.withContiguousStorageIfAvailable(update)
      ?? Array(bytes).withUnsafeBufferPointer(update)
    // Fails only where libcrypto has no SHA-256 or no memory; no answer is better than a wrong one.
    precondition(done, "libcrypto cannot compute SHA-256")
    return digest
  }
}
