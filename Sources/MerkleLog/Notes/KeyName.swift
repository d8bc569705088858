/// A key's name in signed notes; for a log the same as its origin.
public struct KeyName: Sendable {
  public let rawValue: String

  /// Nil unless non-empty and free of white space, `+` and control characters (C2SP signed-note).
  public init?(_ rawValue: String) {
    let allowed = rawValue.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
    }
    guard !rawValue.isEmpty, allowed else { return nil }
    self.rawValue = rawValue
  }
}

// Bytes decide, not Swift's canonical equivalence of strings.
extension KeyName: Hashable {
  public static func == (a: KeyName, b: KeyName) -> Bool {
    a.rawValue.utf8.elementsEqual(b.rawValue.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for byte in rawValue.utf8 { hasher.combine(byte) }
  }
}

extension KeyName: CustomStringConvertible {
  public var description: String { rawValue }
}
