/// What the generator needs to know of the .proto files, in plain values.
struct Schema {
  var files: [ProtoFile]
  var filesToGenerate: [ProtoFile] { files.filter(\.isToGenerate) }
}

struct ProtoFile {
  var name: String
  var package: String
  var isToGenerate: Bool
  var documentation: [String]
  var dependencies: [String]
  var messages: [MessageType]
  var enums: [EnumType]
  var services: [ServiceType]
  /// The FileDescriptorProto without source information.
  var serialized: [UInt8]
}

struct MessageType {
  var name: String
  /// `package.Outer.Name`.
  var fullName: String
  var documentation: [String]
  var fields: [Field]
  var oneofs: [Oneof]
  var messages: [MessageType]
  var enums: [EnumType]
  var isMapEntry: Bool
}

struct Field {
  var name: String
  var number: Int
  var documentation: [String]
  var kind: Kind
  var isRepeated: Bool
  /// Index in the message's `oneofs`.
  var oneof: Int?

  enum Kind: Hashable {
    case bool, int32, int64, uint32, uint64, float, double, string, bytes
    /// Full names.
    case message(String)
    case enumeration(String)
    /// Full name of the entry message that protoc makes up for a map.
    indirect case map(entry: String, key: Kind, value: Kind)
  }
}

struct Oneof {
  var name: String
  var documentation: [String]
}

struct EnumType {
  var name: String
  var fullName: String
  var documentation: [String]
  var values: [Value]

  struct Value {
    var name: String
    var number: Int32
    var documentation: [String]
  }
}

struct ServiceType {
  var name: String
  var fullName: String
  var documentation: [String]
  var methods: [MethodType]
}

struct MethodType {
  var name: String
  var documentation: [String]
  /// Full names of messages.
  var request: String
  var response: String
  var clientStreams: Bool
  var serverStreams: Bool
  var idempotency: Idempotency

  enum Idempotency: String {
    case unknown, idempotent, noSideEffects
  }
}
