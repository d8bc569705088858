/// The custom fields of a call, in order: names in lower case, values in ASCII, or bytes under a
/// name that ends in `-bin`.
///
/// A plain array: calls carry a handful of fields. Nothing is checked on entry, so that a token
/// read from a file cannot stop the program; whoever sends it asks for `problem` first.
///
/// Source: gRPC `doc/PROTOCOL-HTTP2.md`, "Custom-Metadata".
public struct Metadata: Sendable, Hashable {
  public struct Field: Sendable, Hashable {
    public enum Value: Sendable, Hashable {
      case ascii(String)
      case binary([UInt8])
    }

    /// In lower case.
    public let name: String
    public var value: Value
  }

  private var fields: [Field] = []

  public init() {}

  /// Adds a field; others of the same name stay.
  public mutating func add(_ value: String, for name: String) {
    fields.append(Field(name: Self.lowercased(name), value: .ascii(value)))
  }

  /// Adds bytes; `name` must end in `-bin`.
  public mutating func add(_ bytes: [UInt8], for name: String) {
    fields.append(Field(name: Self.lowercased(name), value: .binary(bytes)))
  }

  /// Adds the fields of the other one behind these.
  public mutating func add(contentsOf other: Metadata) {
    if fields.isEmpty { fields = other.fields } else { fields.append(contentsOf: other.fields) }
  }

  public mutating func removeAll(_ name: String) {
    let name = Self.lowercased(name)
    fields.removeAll { $0.name == name }
  }

  /// The first ASCII value of the name. Setting replaces every field of that name; nil removes them.
  public subscript(name: String) -> String? {
    get {
      let name = Self.lowercased(name)
      for field in fields where field.name == name {
        if case .ascii(let text) = field.value { return text }
      }
      return nil
    }
    set {
      removeAll(name)
      if let newValue { add(newValue, for: name) }
    }
  }

  /// The first bytes under the name.
  public func bytes(_ name: String) -> [UInt8]? {
    let name = Self.lowercased(name)
    for field in fields where field.name == name {
      if case .binary(let bytes) = field.value { return bytes }
    }
    return nil
  }

  /// Every ASCII value of the name, in order.
  public func all(_ name: String) -> [String] {
    let name = Self.lowercased(name)
    return fields.compactMap { field in
      if field.name == name, case .ascii(let text) = field.value { text } else { nil }
    }
  }

  private static func lowercased(_ name: String) -> String {
    name.utf8.contains { (0x41...0x5a).contains($0) } ? name.lowercased() : name
  }
}

extension Metadata: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { fields.count }
  public subscript(position: Int) -> Field { fields[position] }
}

extension Metadata: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(value, for: name) }
  }
}
