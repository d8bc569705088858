/// Swift source that grows line by line, indented by two spaces a level.
struct SourceText {
  private(set) var text = ""
  private var level = 0

  mutating func line(_ line: String = "") {
    if !line.isEmpty {
      text += String(repeating: " ", count: 2 * level) + line
    }
    text += "\n"
  }

  mutating func lines(_ lines: [String]) {
    for text in lines {
      line(text)
    }
  }

  /// A `///` comment; nothing when there is none.
  mutating func documentation(_ lines: [String]) {
    for comment in lines {
      line(comment.isEmpty ? "///" : "/// \(comment)")
    }
  }

  /// `opening {`, what `body` writes, `}`.
  mutating func block(_ opening: String, _ body: (inout SourceText) -> Void) {
    line(opening + " {")
    indented(body)
    line("}")
  }

  mutating func indented(_ body: (inout SourceText) -> Void) {
    level += 1
    body(&self)
    level -= 1
  }
}
