public import Domain
public import Logging
public import RPC

/// One field of a log line. There are fields for ids, codes, counts and times only, so that no
/// token, justification or comment can reach a log by way of a typed field.
public struct LogField: Sendable {
  let key: String
  let value: String

  private init(_ key: String, _ value: some CustomStringConvertible) {
    self.key = key
    self.value = value.description
  }

  public static func request(_ id: RequestID) -> LogField { LogField("request_id", id) }
  public static func grant(_ id: GrantID) -> LogField { LogField("grant_id", id) }
  public static func event(_ id: EventID) -> LogField { LogField("event_id", id) }
  public static func tenant(_ id: TenantID) -> LogField { LogField("tenant_id", id) }
  /// An id that only one service has.
  public static func id<Kind>(_ name: StaticString, _ id: ID<Kind>) -> LogField {
    LogField("\(name)", id)
  }
  public static func trace(_ trace: TraceContext?) -> LogField {
    LogField("trace_id", trace?.traceIDText ?? "")
  }
  /// A log's origin, as the configuration or a note that was verified names it.
  public static func log(_ origin: String) -> LogField { LogField("log", origin) }
  public static func method(_ path: String) -> LogField { LogField("method", path) }
  public static func service(_ name: ServiceName) -> LogField {
    LogField("peer", name.rawValue)
  }
  public static func feed(_ name: String) -> LogField { LogField("feed", name) }
  public static func issuer(_ url: String) -> LogField { LogField("issuer", url) }
  public static func subject(_ subject: Subject) -> LogField { LogField("subject", subject.id) }
  public static func address(_ name: String, _ address: Address?) -> LogField {
    LogField("\(name)_address", address?.description ?? "")
  }
  public static func file(_ path: String) -> LogField { LogField("file", path) }
  /// In which way something is sent.
  public static func way(_ name: StaticString) -> LogField { LogField("by", name) }
  /// A constant of the code: UPPER_SNAKE or a few words; never what a caller sent.
  public static func reason(_ text: StaticString) -> LogField { LogField("reason", text) }
  /// What a typed error of ours says.
  public static func error(_ error: any Error) -> LogField {
    LogField("error", String(describing: error))
  }
  public static func count(_ name: StaticString, _ count: some FixedWidthInteger) -> LogField {
    LogField("\(name)", count)
  }
  public static func time(_ name: StaticString, _ moment: Timestamp) -> LogField {
    LogField("\(name)", moment)
  }
}

extension Logger {
  /// Logs a constant message with typed fields.
  public func log(
    _ level: Logger.Level, _ message: StaticString, _ fields: LogField...,
    file: String = #fileID, function: String = #function, line: UInt = #line
  ) {
    guard logLevel <= level else { return }
    var metadata: Logger.Metadata = [:]
    for field in fields where !field.value.isEmpty { metadata[field.key] = .string(field.value) }
    log(
      level: level, "\(message)", metadata: metadata, source: nil, file: file,
      function: function, line: line)
  }
}
