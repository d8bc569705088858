/// One key that a configuration may hold: its type, what is expected of it and what it is when
/// nobody wrote it.
public struct Setting<Value: Sendable>: Sendable {
  /// Dotted path, for instance `people_listener.address`.
  public let key: String
  /// Completes "… must be": for instance `an address such as 127.0.0.1:7401`.
  public let expectation: String
  /// `nil`: there is none, the key must be written (or asked for with `find`).
  public let fallback: Value?
  let parse: @Sendable (RawSetting) -> Value?

  public init(
    _ key: String, _ expectation: String, default fallback: Value? = nil,
    _ parse: @escaping @Sendable (RawSetting) -> Value?
  ) {
    self.key = key
    self.expectation = expectation
    self.fallback = fallback
    self.parse = parse
  }
}

/// A setting of any type: what the check for unknown keys needs of it.
public protocol AnySetting: Sendable {
  var key: String { get }
  var expectation: String { get }
}

extension Setting: AnySetting {}

extension Setting where Value == String {
  /// Text of 1 to `limit` bytes without control characters.
  public static func text(
    _ key: String, limit: Int = 1024, default fallback: String? = nil
  ) -> Setting {
    Setting(key, "1 to \(limit) bytes of text", default: fallback) { raw in
      let bytes = raw.text.utf8
      guard !bytes.isEmpty, bytes.count <= limit, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
      else { return nil }
      return raw.text
    }
  }

  /// The path of a file or directory; relative to the file that names it.
  public static func path(_ key: String, default fallback: String? = nil) -> Setting {
    Setting(key, "a path", default: fallback) { $0.path }
  }
}

extension Setting where Value == Bool {
  public static func flag(_ key: String, default fallback: Bool? = nil) -> Setting {
    Setting(key, "`true` or `false`", default: fallback) { raw in
      switch raw.text {
      case "true": true
      case "false": false
      default: nil
      }
    }
  }
}

extension Setting where Value == Duration {
  /// A number and `ms`, `s`, `m` or `h`, within a range.
  public static func duration(
    _ key: String, in range: ClosedRange<Duration>, default fallback: Duration? = nil
  ) -> Setting {
    let expectation = """
      a number with `ms`, `s`, `m` or `h`, \
      \(DurationText(range.lowerBound)) to \(DurationText(range.upperBound))
      """
    return Setting(key, expectation, default: fallback) { raw in
      guard let value = DurationText(parsing: raw.text)?.duration, range.contains(value)
      else { return nil }
      return value
    }
  }
}

extension Setting where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the words that an enum has.
  public static func oneOf(_ key: String, default fallback: Value? = nil) -> Setting {
    let words = Value.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    return Setting(key, "one of \(words)", default: fallback) { Value(rawValue: $0.text) }
  }
}
