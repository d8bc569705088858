public import Domain
internal import Glibc
public import Logging
internal import ProtobufC

/// Writes each log event as one line, in one `write`, to a sink (stderr).
public struct LineLogHandler: LogHandler {
  public var metadata: Logger.Metadata = [:]
  public var logLevel: Logger.Level
  public var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let format: LogFormat
  private let clock: any WallClock
  private let write: @Sendable (String) -> Void

  public init(
    label: String, level: Logger.Level, format: LogFormat, clock: any WallClock,
    write: @escaping @Sendable (String) -> Void = LineLogHandler.standardError
  ) {
    self.label = label
    self.logLevel = level
    self.format = format == .automatic ? (isatty(STDERR_FILENO) == 1 ? .human : .json) : format
    self.clock = clock
    self.write = write
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
    if let own = event.metadata { fields.merge(own) { $1 } }
    var texts = fields.map { ($0.key, Redaction.value("\($0.value)", of: $0.key)) }
    if let error = event.error {
      texts.append(("error", Redaction.value("\(error)", of: "error")))
    }
    texts.sort { $0.0 < $1.0 }
    let message = Redaction.value(event.message.description, of: "message")
    switch format {
    case .json, .automatic: write(json(event.level, message, texts))
    case .human: write(human(event.level, message, texts))
    }
  }

  private func json(
    _ level: Logger.Level, _ message: String, _ fields: [(String, String)]
  ) -> String {
    var line = "{\"time\":\"\(clock.now())\",\"level\":\"\(level)\",\"service\":"
    line.appendJSON(label)
    line += ",\"message\":"
    line.appendJSON(message)
    for (key, value) in fields {
      line += ","
      line.appendJSON(key)
      line += ":"
      line.appendJSON(value)
    }
    return line + "}\n"
  }

  private func human(
    _ level: Logger.Level, _ message: String, _ fields: [(String, String)]
  ) -> String {
    var line = "\(clock.now()) \("\(level)".uppercased()) \(label): \(message)"
    for (key, value) in fields {
      line += "  \(key)="
      // Control characters would let a value forge a line or move the cursor.
      line.appendJSON(value)
    }
    return line + "\n"
  }

  /// One `write(2)` a line, so that lines of several processes on one pipe do not mix.
  public static let standardError: @Sendable (String) -> Void = { line in
    var rest = Substring(line).utf8
    while !rest.isEmpty {
      let written = rest.withContiguousStorageIfAvailable {
        Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
      }
      guard let written else { return standardError(String(Substring(rest))) }
      if written < 0 && errno == EINTR { continue }
      // Nowhere to complain about a log that cannot be written.
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}
