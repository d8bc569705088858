internal import Glibc

/// Prints seconds since the epoch as `2026-01-31T12:00:00Z`.
struct UTC: CustomStringConvertible {
  let seconds: Int64

  init(_ seconds: Int64) { self.seconds = seconds }

  var description: String {
    var time = time_t(seconds)
    var parts = tm()
    guard gmtime_r(&time, &parts) != nil else { return "\(seconds) s" }
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }

  /// The system's clock: whole seconds since the epoch.
  @Sendable static func now() -> Int64 { Int64(time(nil)) }
}
