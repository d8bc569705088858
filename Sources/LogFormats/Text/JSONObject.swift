internal import ProtobufC

/// A JSON object that is put together member by member. Empty texts and absent values are left out.
struct JSONObject {
  private var members: [ValueTree.Member] = []

  var tree: ValueTree { ValueTree(.mapping(members)) }
  var isEmpty: Bool { members.isEmpty }

  mutating func add(_ name: String, _ text: String?) {
    guard let text, !text.isEmpty else { return }
    members.append(.init(name, ValueTree(.scalar(text, isText: true))))
  }

  mutating func add(_ name: String, number: some BinaryInteger) {
    members.append(.init(name, ValueTree(.scalar("\(number)", isText: false))))
  }

  mutating func add(_ name: String, _ value: ValueTree?) {
    guard let value else { return }
    members.append(.init(name, value))
  }

  mutating func add(_ name: String, _ object: JSONObject) {
    if !object.isEmpty { members.append(.init(name, object.tree)) }
  }

  mutating func add(_ name: String, list: [ValueTree]) {
    if !list.isEmpty { members.append(.init(name, ValueTree(.list(list)))) }
  }

  static func texts(_ texts: [String]) -> [ValueTree] {
    texts.map { ValueTree(.scalar($0, isText: true)) }
  }
}

extension ValueTree {
  /// One line of JSON (RFC 8259), safe in terminals and in logs that are split at lines: what
  /// controls or reorders the display is escaped.
  var jsonLine: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch content {
    case .null: text += "null"
    case .scalar(let value, isText: false): text += value
    case .scalar(let value, isText: true): text.appendJSON(value) { $0.isInvisibleControl }
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .mapping(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        text.appendJSON(member.name) { $0.isInvisibleControl }
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }
}
