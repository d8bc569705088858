internal import COpenSSL

/// The calling thread's error queue of libcrypto.
enum OpenSSLFailure {
  /// The first queued error in words; empties the queue.
  static func drainText() -> String {
    let code = ERR_peek_error()
    ERR_clear_error()
    guard code != 0 else { return "no reason given" }
    guard let text = ERR_reason_error_string(code) else { return "error \(code)" }
    return String(cString: text)
  }

  /// The reason numbers that one library queued; empties the queue.
  static func drainReasons(of library: Int32) -> Set<Int32> {
    var reasons: Set<Int32> = []
    while true {
      let code = ERR_get_error()
      guard code != 0 else { return reasons }
      if shim_ERR_GET_LIB(code) == library { reasons.insert(shim_ERR_GET_REASON(code)) }
    }
  }
}
