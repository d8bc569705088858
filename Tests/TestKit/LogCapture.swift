internal import Domain
public import Logging
public import ServiceKit
internal import Synchronization

/// Keeps the lines that a logger writes.
public final class LogCapture: Sendable {
  private let kept = Mutex<[String]>([])

  public init() {}

  public var lines: [String] { kept.withLock { $0 } }

  /// A logger whose lines are kept here.
  public func logger(_ label: String = "test", format: LogFormat = .json) -> Logger {
    Logger(label: label) { label in
      LineLogHandler(label: label, level: .trace, format: format, clock: FakeClock()) { line in
        self.kept.withLock { $0.append(line) }
      }
    }
  }
}
