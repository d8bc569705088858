/// JSON that grows value by value, on one line or indented.
struct JSONText {
  private(set) var string = ""
  private let pretty: Bool
  private var level = 0
  private var isFirst = true

  init(pretty: Bool) {
    self.pretty = pretty
  }

  mutating func open(_ bracket: String) {
    string += bracket
    level += 1
    isFirst = true
  }

  mutating func close(_ bracket: String) {
    level -= 1
    if !isFirst { newLine() }
    string += bracket
    isFirst = false
  }

  /// Begins the next member of an object.
  mutating func key(_ name: String) {
    element()
    quoted(name)
    string += pretty ? ": " : ":"
  }

  /// Begins the next element of an array.
  mutating func element() {
    if !isFirst { string += "," }
    newLine()
    isFirst = false
  }

  mutating func raw(_ value: String) {
    string += value
  }

  mutating func quoted(_ value: String) {
    string.appendJSON(value)
  }

  private mutating func newLine() {
    guard pretty else { return }
    string += "\n" + String(repeating: "  ", count: level)
  }
}
