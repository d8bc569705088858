internal import COpenSSL

/// Why a key, certificate or file could not be made or read, in one sentence.
public struct PKIError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// - Throws: what was attempted, and libcrypto's reason.
func check(_ succeeded: Bool, _ attempt: @autoclosure () -> String) throws(PKIError) {
  guard !succeeded else { return }
  throw failure(attempt())
}

/// - Throws: as `check`.
func some<T>(_ value: T?, _ attempt: @autoclosure () -> String) throws(PKIError) -> T {
  guard let value else { throw failure(attempt()) }
  return value
}

private func failure(_ attempt: String) -> PKIError {
  let code = ERR_peek_error()
  ERR_clear_error()
  let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "no reason given"
  return PKIError("could not \(attempt): \(reason)")
}
