/// Where the types of all files are, by their full proto names.
struct Types {
  struct Info {
    /// `CommonV1.Scope`.
    var swift: String
    /// The Swift module.
    var module: String
    /// The first case, the default; enums only.
    var zeroCase: String?
  }

  private var infos: [String: Info] = [:]

  init(_ schema: Schema) {
    for file in schema.files {
      let scope = Names.namespace(of: file.package)
      let module = Names.module(of: file.package)
      for message in file.messages { add(message, scope, module) }
      for type in file.enums { add(type, scope, module) }
    }
  }

  private mutating func add(_ message: MessageType, _ scope: String, _ module: String) {
    let name = "\(scope).\(Names.type(message.name))"
    infos[message.fullName] = Info(swift: name, module: module)
    for nested in message.messages { add(nested, name, module) }
    for type in message.enums { add(type, name, module) }
  }

  private mutating func add(_ type: EnumType, _ scope: String, _ module: String) {
    // protoc has checked that the first value of a proto3 enum is 0.
    let zero = type.values.first.map { Names.enumCase($0.name, of: type) }
    infos[type.fullName] = Info(
      swift: "\(scope).\(Names.type(type.name))", module: module, zeroCase: zero)
  }

  /// Every type that a field names is in the request: protoc resolves imports.
  subscript(fullName: String) -> Info { infos[fullName]! }

  /// The Swift type of one value.
  func swift(_ kind: Field.Kind) -> String {
    switch kind {
    case .bool: "Bool"
    case .int32: "Int32"
    case .int64: "Int64"
    case .uint32: "UInt32"
    case .uint64: "UInt64"
    case .float: "Float"
    case .double: "Double"
    case .string: "String"
    case .bytes: "[UInt8]"
    case .message(let name), .enumeration(let name): self[name].swift
    case .map(entry: _, let key, let value): "[\(swift(key)): \(swift(value))]"
    }
  }

  /// The full names of the types that a field needs.
  static func names(_ kind: Field.Kind) -> [String] {
    switch kind {
    case .message(let name), .enumeration(let name): [name]
    case .map(entry: _, let key, let value): names(key) + names(value)
    case .bool, .int32, .int64, .uint32, .uint64, .float, .double, .string, .bytes: []
    }
  }
}
