internal import Web

/// The parameters of an OAuth request: each once (RFC 6749 §3.1), and an empty one is none.
struct Parameters: Sendable {
  private let values: [String: String]
  /// Those that were sent more than once.
  let repeated: Set<String>

  init(_ fields: [WebField]) {
    var values: [String: String] = [:]
    var repeated: Set<String> = []
    for field in fields where values.updateValue(field.value, forKey: field.name) != nil {
      repeated.insert(field.name)
    }
    self.values = values
    self.repeated = repeated
  }

  subscript(name: String) -> String? {
    values[name].flatMap { $0.isEmpty || repeated.contains(name) ? nil : $0 }
  }
}
