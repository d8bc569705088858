public import Logging

/// How log lines look.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
  /// One JSON object a line.
  case json
  /// For people's eyes.
  case human
  /// Human on a terminal, else JSON.
  case automatic
}

/// From which severity on there are log lines.
public enum LogLevel: String, Sendable, Hashable, CaseIterable {
  case trace
  case debug
  case info
  case notice
  case warning
  case error
  case critical

  public var level: Logger.Level {
    switch self {
    case .trace: .trace
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    case .critical: .critical
    }
  }
}
