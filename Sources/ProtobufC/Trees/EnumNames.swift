internal import CProtobufC

/// Enum values by name.
extension ProtobufCEnumDescriptor {
  /// The names of all values but the unspecified one, in the order of their numbers.
  func names(short: Bool) -> [String] {
    let prefix = valuePrefix
    return UnsafeBufferPointer(start: values, count: Int(n_values))
      .filter { $0.value != 0 || !String(cString: $0.name).hasSuffix("_UNSPECIFIED") }
      .map { short ? Self.short(String(cString: $0.name), prefix) : String(cString: $0.name) }
  }

  /// The number of a value by its full name or, if `short`, by its short one.
  func number(of text: String, short: Bool) -> Int32? {
    let prefix = valuePrefix
    let word = text.lowercased().replacing("-", with: "_")
    return UnsafeBufferPointer(start: values, count: Int(n_values)).first { value in
      let name = String(cString: value.name)
      return name == text || short && Self.short(name, prefix) == word
    }?.value
  }

  func name(of number: Int32, short: Bool) -> String? {
    name(of: number).map { short ? Self.short($0, valuePrefix) : $0 }
  }

  private static func short(_ name: String, _ prefix: String) -> String {
    (name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name).lowercased()
  }

  /// `REASON_CODE_`, which buf's STANDARD rules demand of the values of `ReasonCode`.
  private var valuePrefix: String {
    var prefix = ""
    for character in String(cString: short_name) {
      if character.isUppercase, !prefix.isEmpty { prefix += "_" }
      prefix += character.uppercased()
    }
    return prefix + "_"
  }
}
