@testable internal import ProtobufC

/// The names of all messages that .proto files declare, read from their descriptors: so that no
/// message can be forgotten.
struct Schema {
  private var names: Set<String> = []
  private var seen: Set<String> = []

  static func messages(of services: [ServiceDescriptor], _ files: [FileDescriptor]) -> Set<String> {
    var schema = Schema()
    for service in services { schema.enter(service.file) }
    for file in files { schema.enter(file) }
    return schema.names
  }

  private mutating func enter(_ file: FileDescriptor) {
    guard seen.insert(file.name).inserted else { return }
    for dependency in file.dependencies { enter(dependency) }
    // FileDescriptorProto: package = 2, message_type = 4.
    let fields = Self.fields(file.serialized)
    let package = Self.text(2, of: fields)
    for field in fields where field.number == 4 { enter(message: field.bytes, in: package) }
  }

  /// DescriptorProto: name = 1, nested_type = 3, options = 7; MessageOptions: map_entry = 7.
  private mutating func enter(message: [UInt8], in scope: String) {
    let fields = Self.fields(message)
    let isMapEntry = fields.contains { option in
      option.number == 7 && Self.fields(option.bytes).contains { $0.number == 7 }
    }
    guard !isMapEntry else { return }
    let name = "\(scope).\(Self.text(1, of: fields))"
    names.insert(name)
    for nested in fields where nested.number == 3 {
      enter(message: nested.bytes, in: name)
    }
  }

  private struct Field {
    let number: UInt32
    /// Of a length-prefixed field; empty for others.
    let bytes: [UInt8]
  }

  private static func text(_ number: UInt32, of fields: [Field]) -> String {
    for field in fields where field.number == number {
      return String(decoding: field.bytes, as: UTF8.self)
    }
    return ""
  }

  private static func fields(_ bytes: [UInt8]) -> [Field] {
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return [] }
      var fields: [Field] = []
      var reader = WireReader(start, end: start + bytes.count)
      while !reader.isAtEnd {
        do throws(DecodingError) {
          let (number, wireType) = try reader.tag()
          if wireType == .length {
            fields.append(Field(number: number, bytes: Array(try reader.lengthPrefixed())))
          } else {
            try reader.skipValue(wireType)
            fields.append(Field(number: number, bytes: []))
          }
        } catch {
          fatalError("a checked-in descriptor is broken: \(error)")
        }
      }
      return fields
    }
  }
}
