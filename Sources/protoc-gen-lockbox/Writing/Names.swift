/// The names that the generated Swift code has, and those that protoc-c gives its C code.
enum Names {
  // MARK: - Swift

  /// `lockbox.intake.v1` → `IntakeV1`, `grpc.reflection.v1alpha` → `GrpcReflectionV1alpha`.
  static func namespace(of package: String) -> String {
    var parts = package.split(separator: ".")
    if parts.first == "lockbox" { parts.removeFirst() }
    return parts.map(upperFirst).joined()
  }

  /// The Swift module that holds a package.
  static func module(of package: String) -> String {
    if package == "grpc.testing" { return "TestProto" }
    return switch package.split(separator: ".").first {
    case "lockbox": "LockboxProto"
    case "bench", "testing": "TestProto"
    default: "StandardProto"
    }
  }

  /// `Any` cannot be the name of a Swift type.
  static func type(_ name: String) -> String {
    ["Any", "Type", "Protocol", "Self"].contains(name) ? name + "Message" : name
  }

  /// `request_id` → `requestID`, `START_TIME` → `startTime`.
  static func member(_ name: String) -> String {
    let parts = name.split(separator: "_").map { $0.lowercased() }
    let tail = parts.dropFirst().map { part in
      ["id", "url", "uri"].contains(part) ? part.uppercased() : upperFirst(part)
    }
    return (parts.first ?? "") + tail.joined()
  }

  /// The name of an enum's case: its value's name without the enum's own.
  static func enumCase(_ value: String, of type: EnumType) -> String {
    let prefix = upperSnake(type.name) + "_"
    let isPrefixed = type.values.allSatisfy {
      $0.name.hasPrefix(prefix) && $0.name.dropFirst(prefix.count).first?.isLetter == true
    }
    return member(isPrefixed ? String(value.dropFirst(prefix.count)) : value)
  }

  /// `SubmitAccessRequest` → `submitAccessRequest`.
  static func lowerFirst(_ name: String) -> String {
    name.prefix(1).lowercased() + name.dropFirst()
  }

  static func upperFirst(_ name: some StringProtocol) -> String {
    name.prefix(1).uppercased() + name.dropFirst()
  }

  /// `message_request` → `MessageRequest`.
  static func upperCamel(_ name: String) -> String {
    name.split(separator: "_").map(upperFirst).joined()
  }

  /// The name in backticks where it is a keyword.
  static func escaped(_ name: String) -> String {
    swiftKeywords.contains(name) ? "`\(name)`" : name
  }

  private static func upperSnake(_ name: String) -> String {
    lowerSnake(name).uppercased()
  }

  private static let swiftKeywords: Set<String> = [
    "associatedtype", "as", "break", "case", "catch", "class", "continue", "default", "defer",
    "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
    "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
    "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows",
    "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
    "true", "try", "typealias", "var", "where", "while",
  ]

  // MARK: - C, as in c_helpers.cc of protobuf-c 1.4.1

  /// `lockbox.common.v1.Stage` → `Lockbox__Common__V1__Stage`.
  static func cType(_ fullName: String) -> String {
    fullName.split(separator: ".").map { upperCamel(String($0)) }.joined(separator: "__")
  }

  /// `lockbox.common.v1.AccessRequest` → `lockbox__common__v1__access_request__init`.
  static func cInitializer(_ fullName: String) -> String {
    fullName.split(separator: ".").map { lowerSnake(String($0)) }.joined(separator: "__")
      + "__init"
  }

  static func cField(_ name: String) -> String {
    let lower = name.lowercased()
    return escaped(cKeywords.contains(lower) ? lower + "_" : lower)
  }

  /// An underscore before each capital that follows no capital.
  private static func lowerSnake(_ name: String) -> String {
    var result = ""
    var wasUpper = true
    for character in name {
      if character.isUppercase, !wasUpper { result += "_" }
      wasUpper = character.isUppercase
      result += character.lowercased()
    }
    return result
  }

  private static let cKeywords: Set<String> = [
    "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
    "class", "compl", "const", "const_cast", "continue", "default", "delete", "do", "double",
    "dynamic_cast", "else", "enum", "explicit", "extern", "false", "float", "for", "friend", "goto",
    "if", "inline", "int", "long", "mutable", "namespace", "new", "not", "not_eq", "operator", "or",
    "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "return", "short",
    "signed", "sizeof", "static", "static_cast", "struct", "switch", "template", "this", "throw",
    "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void",
    "volatile", "wchar_t", "while", "xor", "xor_eq",
  ]
}
