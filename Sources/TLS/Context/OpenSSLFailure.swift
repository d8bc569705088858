internal import COpenSSL

/// The calling thread's error queue of libcrypto.
enum OpenSSLFailure {
  /// The first queued error in words; empties the queue.
  static func drainText() -> String { text(drainCodes().first ?? 0) }

  /// Everything that is queued, oldest first; empties the queue.
  static func drainCodes() -> [UInt] {
    var codes: [UInt] = []
    while case let code = ERR_get_error(), code != 0 { codes.append(code) }
    return codes
  }

  static func text(_ code: UInt) -> String {
    guard code != 0 else { return "no reason given" }
    guard let text = ERR_reason_error_string(code) else { return "error \(code)" }
    return String(cString: text)
  }

  /// The reason numbers that one library queued; empties the queue.
  static func drainReasons(of library: Int32) -> Set<Int32> {
    Set(drainCodes().filter { shim_ERR_GET_LIB($0) == library }.map(shim_ERR_GET_REASON))
  }
}
