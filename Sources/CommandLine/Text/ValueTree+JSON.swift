internal import FoundationEssentials
internal import ProtobufC

extension ValueTree {
  /// The value that a JSON text holds; nil for what is no JSON.
  init?(json bytes: [UInt8]) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
      return nil
    }
    self = value.tree
  }
}

/// Any JSON value.
private struct JSONValue: Decodable {
  let tree: ValueTree

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      tree = ValueTree(.null)
    } else if let members = try? single.decode([String: JSONValue].self) {
      tree = ValueTree(
        .mapping(members.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.tree) }))
    } else if let elements = try? single.decode([JSONValue].self) {
      tree = ValueTree(.list(elements.map(\.tree)))
    } else if let text = try? single.decode(String.self) {
      tree = ValueTree(.scalar(text, isText: true))
    } else if let flag = try? single.decode(Bool.self) {
      tree = ValueTree(.scalar("\(flag)", isText: false))
    } else if let number = try? single.decode(Int64.self) {
      tree = ValueTree(.scalar("\(number)", isText: false))
    } else {
      tree = ValueTree(.scalar("\(try single.decode(Double.self))", isText: false))
    }
  }
}
