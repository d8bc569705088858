internal import COpenSSL
internal import Glibc

/// The SHA-256 implementation, fetched once, and one reused context a thread: an implicit fetch
/// for every digest (`SHA256()`, `EVP_sha256()`) makes short digests 2.6 times slower.
enum DigestContext {
  /// An `EVP_MD *` that lives as long as the process.
  // Unsafe for the checker only: OpenSSL's fetched algorithms are immutable and shared by threads.
  private nonisolated(unsafe) static let algorithm: OpaquePointer = {
    guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
      preconditionFailure("libcrypto offers no SHA256")
    }
    return algorithm
  }()

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let result = pthread_key_create(&key) { EVP_MD_CTX_free(OpaquePointer($0)) }
    precondition(result == 0, "no thread-specific key left")
    return key
  }()

  /// This thread's `EVP_MD_CTX *`, freed when the thread ends.
  private static var context: OpaquePointer {
    if let context = pthread_getspecific(key) { return OpaquePointer(context) }
    guard let context = EVP_MD_CTX_new(),
      pthread_setspecific(key, UnsafeRawPointer(context)) == 0
    else { preconditionFailure("out of memory") }
    return context
  }

  /// The digest over a one-byte prefix (if any) and up to two pieces, one after the other.
  @inline(__always)
  static func digest(
    prefix: UInt8?, _ first: UnsafeRawBufferPointer,
    _ second: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
  ) -> Hash {
    let context = Self.context
    var hash = Hash()
    var good = EVP_DigestInit_ex(context, algorithm, nil)
    if let prefix {
      good &= withUnsafeBytes(of: prefix) { EVP_DigestUpdate(context, $0.baseAddress, 1) }
    }
    if first.count > 0 { good &= EVP_DigestUpdate(context, first.baseAddress, first.count) }
    if second.count > 0 { good &= EVP_DigestUpdate(context, second.baseAddress, second.count) }
    good &= hash.withUnsafeMutableBytes {
      EVP_DigestFinal_ex(context, $0.assumingMemoryBound(to: UInt8.self).baseAddress, nil)
    }
    // SHA-256 over memory fails only where libcrypto itself is broken; no hash is worth returning.
    precondition(good == 1, "libcrypto could not compute a SHA-256")
    return hash
  }
}
