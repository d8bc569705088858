internal import Files

extension Configuration {
  /// The file that is named, or the first of those that are looked for.
  static func find(_ named: String?, environment: [String: String]) throws(Failure) -> Configuration
  {
    if let named { return try Configuration(file: named) }
    if let named = environment["LOCKBOXCTL_CONFIG"], !named.isEmpty {
      return try Configuration(file: named)
    }
    let home = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { "\($0)/.config" }
    let places = [".lockbox/ctl.yaml"] + (home.map { ["\($0)/lockbox/ctl.yaml"] } ?? [])
    guard let file = places.first(where: { FileStamp($0) != nil }) else {
      throw .configuration(
        """
        There is no configuration: looked for \(places.joined(separator: " and ")). \
        Name one with --config or LOCKBOXCTL_CONFIG, or make one for development with \
        `lockboxctl dev init`.
        """)
    }
    return try Configuration(file: file)
  }
}
