/// Why a file could not be read; the text names the path and what the system said.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  public let path: String
  /// What went wrong, in the system's words or ours, without the path.
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}
