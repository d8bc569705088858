internal import ProtobufC
internal import StrictJSON

extension ValueTree {
  /// The value that a JSON text holds; nil for what is no JSON.
  init?(json bytes: [UInt8]) {
    guard let value = try? JsonParser.parse(bytes) else { return nil }
    self.init(value)
  }

  private init(_ value: Json) {
    switch value {
    case .null: self.init(.null)
    case .bool(let flag): self.init(.scalar("\(flag)", isText: false))
    case .number(let text): self.init(.scalar(text, isText: false))
    case .string(let text): self.init(.scalar(text, isText: true))
    case .array(let items): self.init(.list(items.map { ValueTree($0) }))
    case .object(let members):
      self.init(
        .mapping(members.sorted { $0.key < $1.key }.map { .init($0.key, ValueTree($0.value)) }))
    }
  }
}
