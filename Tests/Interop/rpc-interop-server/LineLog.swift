internal import Glibc
internal import Logging

/// Writes each event as one line to stderr, in one write:
/// `time=1767225600.250 level=warning message="…" peer="…"`.
struct LineLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level

  init(logLevel: Logger.Level) {
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = "time=\(Self.time()) level=\(event.level) message=\(Self.quoted("\(event.message)"))"
    var fields = metadata.merging(event.metadata ?? [:]) { $1 }
    if let error = event.error { fields["error"] = "\(error)" }
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
      line += " \(key)=\(Self.quoted("\(value)"))"
    }
    line += "\n"
    line.withUTF8 { bytes in
      // Nowhere to complain about a log that cannot be written.
      _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }

  /// Seconds since the epoch, to the millisecond.
  private static func time() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let milliseconds = String(now.tv_nsec / 1_000_000 + 1000).dropFirst()
    return "\(now.tv_sec).\(milliseconds)"
  }

  /// What a peer sent must not end a line or move the cursor.
  private static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { $0 == "'" ? "'" : $0.escaped(asASCII: false) }.joined() + "\""
  }
}
