/// One value as somebody wrote it, and where, so that a complaint can say so.
public struct RawSetting: Hashable, Sendable {
  /// Where a value was written.
  public enum Origin: Hashable, Sendable, CustomStringConvertible {
    case file(path: String, line: Int)
    case environment(variable: String)
    case flag(key: String)

    public var description: String {
      switch self {
      case .file(let path, let line): "\(path):\(line)"
      case .environment(let variable): "the environment variable \(variable)"
      case .flag(let key): "the flag --set \(key)=…"
      }
    }
  }

  public let text: String
  public let origin: Origin

  public init(_ text: String, _ origin: Origin) {
    self.text = text
    self.origin = origin
  }

  /// The value as a path: what a file names is relative to that file, everything else to the
  /// working directory.
  var path: String? {
    guard !text.isEmpty, !text.utf8.contains(0) else { return nil }
    guard !text.hasPrefix("/"), case .file(let file, _) = origin,
      let slash = file.utf8.lastIndex(of: UInt8(ascii: "/"))
    else { return text }
    return file[...slash] + text
  }
}
