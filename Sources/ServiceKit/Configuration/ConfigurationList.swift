internal import Yams

/// A YAML file that holds one list of flat entries, such as issuers or clients.
public enum ConfigurationList {
  /// Reads the entries, each with its place (`file:line`) for complaints.
  ///
  /// - Parameters:
  ///   - key: the one key of the file.
  ///   - settings: every key that an entry may have.
  public static func load(
    _ path: String, key: String, settings: [any AnySetting]
  ) throws(StartError) -> [(values: ConfigurationValues, place: String)] {
    let root = try YamlFile.root(path)
    guard let mapping = root.mapping, mapping.count == 1, let list = root[key]?.sequence,
      !list.isEmpty
    else {
      throw .configuration("\(path) must hold one key, `\(key)`, with a list.")
    }
    var entries: [(values: ConfigurationValues, place: String)] = []
    for node in list {
      let values = try ConfigurationValues(
        YamlFile.leaves(of: node, file: path), declared: Set(settings.map(\.key)))
      entries.append((values, YamlFile.place(node, path)))
    }
    return entries
  }
}

extension ConfigurationValues {
  /// The value of a setting of an entry; a missing one without default stops the start.
  public func get<Value>(
    _ setting: Setting<Value>, at place: String
  ) throws(StartError) -> Value {
    if let value = try find(setting) { return value }
    throw .configuration("\(place): `\(setting.key)` is missing: write \(setting.expectation).")
  }
}
