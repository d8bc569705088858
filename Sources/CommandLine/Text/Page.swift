/// One thing described in full: named fields under headings.
struct Page: Sendable, Hashable {
  private enum Item: Sendable, Hashable {
    case heading(Styled, Styled?)
    case field(name: String, values: [Styled])
    case table(Table)
  }

  private var items: [Item] = []

  mutating func heading(_ text: Styled, _ mark: Styled? = nil) {
    items.append(.heading(text, mark))
  }

  /// A field on one line; an empty one is left out.
  mutating func field(_ name: String, _ value: Styled) {
    if !value.text.isEmpty { items.append(.field(name: name, values: [value])) }
  }

  /// A field of several lines; none is left out.
  mutating func field(_ name: String, _ values: [Styled]) {
    if !values.isEmpty { items.append(.field(name: name, values: values)) }
  }

  mutating func table(_ table: Table) { items.append(.table(table)) }

  func lines(_ style: Style) -> [String] {
    let width = items.reduce(0) { widest, item in
      if case .field(let name, _) = item { max(widest, displayWidth(name)) } else { widest }
    }
    var lines: [String] = []
    for item in items {
      switch item {
      case .heading(let text, let mark):
        if !lines.isEmpty { lines.append("") }
        let title = style.paint(text.text, .heading)
        lines.append(mark.map { "\(title)  \($0.painted(style))" } ?? title)
      case .field(let name, let values):
        for (index, value) in values.enumerated() {
          let label = index == 0 ? name : ""
          let gap = String(repeating: " ", count: width - displayWidth(label) + 2)
          let line = "  " + style.paint(label, .faint) + gap + value.painted(style)
          lines.append(value.text.isEmpty ? "" : line)
        }
      case .table(let table):
        lines += table.lines(style).map { "  " + $0 }
      }
    }
    return lines
  }
}
