/// The values of one start: a file, overridden by the environment, overridden by flags.
///
/// Only declared settings can be read, and a value of an undeclared key stops the start, wherever
/// it was written: a mistyped key must not silently mean its default.
public struct ConfigurationValues: Sendable {
  private let values: [String: RawSetting]
  private let declared: Set<String>

  /// The prefix of environment variables: `LOCKBOX_PEOPLE_LISTENER_ADDRESS` is
  /// `people_listener.address`.
  public static let environmentPrefix = "LOCKBOX_"

  /// - Parameters:
  ///   - file: A YAML file, or none.
  ///   - environment: All variables; those without the prefix are ignored.
  ///   - flags: `key=value`, as `--set` takes them.
  ///   - settings: Every key that may be written.
  public init(
    file: String?, environment: [String: String] = [:], flags: [String] = [],
    settings: [any AnySetting]
  ) throws(StartError) {
    let declared = Set(settings.map(\.key))
    var values: [String: RawSetting] = [:]
    if let file {
      values = try YamlFile.leaves(of: YamlFile.root(file), file: file)
    }

    let variables = Dictionary(uniqueKeysWithValues: declared.map { (Self.variable(of: $0), $0) })
    for (name, text) in environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix(Self.environmentPrefix) {
      guard let key = variables[name] else {
        throw .configuration(
          "The environment variable \(name) is no setting of this service"
            + Self.suggestion(name, among: variables.keys.sorted()))
      }
      values[key] = RawSetting(text, .environment(variable: name))
    }

    for flag in flags {
      guard let equals = flag.firstIndex(of: "=") else {
        throw StartError(
          .usage, "--set takes key=value, for instance log.level=debug; not `\(flag)`.")
      }
      let key = String(flag[..<equals])
      values[key] = RawSetting(String(flag[flag.index(after: equals)...]), .flag(key: key))
    }

    try self.init(values, declared: declared)
  }

  /// Values that come from one place, such as an item of a list in a file.
  init(_ values: [String: RawSetting], declared: Set<String>) throws(StartError) {
    for (key, raw) in values.sorted(by: { $0.key < $1.key }) where !declared.contains(key) {
      throw .configuration(
        "`\(key)` in \(raw.origin) is no known key"
          + Self.suggestion(key, among: declared.sorted()))
    }
    self.values = values
    self.declared = declared
  }

  /// The value of a setting, or its default; a missing one without default stops the start.
  public func get<Value>(_ setting: Setting<Value>) throws(StartError) -> Value {
    if let value = try find(setting) { return value }
    throw .configuration(
      """
      `\(setting.key)` is missing: write \(setting.expectation) in the configuration file, \
      as \(Self.variable(of: setting.key)) or with --set \(setting.key)=….
      """)
  }

  /// The value of a setting or its default; `nil` where there is neither.
  public func find<Value>(_ setting: Setting<Value>) throws(StartError) -> Value? {
    precondition(declared.contains(setting.key), "undeclared setting \(setting.key)")
    guard let raw = values[setting.key] else { return setting.fallback }
    if let value = setting.parse(raw) { return value }
    throw .configuration(
      "`\(setting.key)` in \(raw.origin) must be \(setting.expectation); it is `\(raw.text)`.")
  }

  /// Where a setting was written, for complaints about values that do not fit one another.
  public func origin(of setting: some AnySetting) -> RawSetting.Origin? {
    values[setting.key]?.origin
  }

  /// The environment variable that stands for a key.
  public static func variable(of key: String) -> String {
    environmentPrefix + key.uppercased().replacing(".", with: "_")
  }

  private static func suggestion(_ word: String, among candidates: [String]) -> String {
    guard let nearest = NearestWord.to(word, among: candidates) else {
      return "; known are \(candidates.joined(separator: ", "))."
    }
    return "; did you mean `\(nearest)`?"
  }
}
