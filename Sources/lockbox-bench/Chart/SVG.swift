/// Writes SVG 1.1, element by element.
struct SVG {
  private(set) var body = ""

  /// An element with its attributes, and text within it.
  mutating func add(_ name: String, _ attributes: [(String, String)], _ content: String? = nil) {
    let list = attributes.map { " \($0.0)=\"\(Self.escaped($0.1))\"" }.joined()
    if let content {
      body += "<\(name)\(list)>\(Self.escaped(content))</\(name)>\n"
    } else {
      body += "<\(name)\(list)/>\n"
    }
  }

  mutating func text(
    _ content: String, _ x: Double, _ y: Double, class name: String, anchor: String = "start"
  ) {
    add(
      "text",
      [
        ("class", name), ("x", Self.number(x)), ("y", Self.number(y)),
        ("text-anchor", anchor),
      ], content)
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String
  ) {
    add(
      "line",
      [
        ("class", name), ("x1", Self.number(x1)), ("y1", Self.number(y1)),
        ("x2", Self.number(x2)), ("y2", Self.number(y2)),
      ])
  }

  /// Lines through points; a nil is a gap.
  mutating func path(_ points: [(x: Double, y: Double)?], class name: String) {
    var data = ""
    var isDrawing = false
    for (index, point) in points.enumerated() {
      guard let point else {
        isDrawing = false
        continue
      }
      let place = "\(Self.number(point.x)) \(Self.number(point.y))"
      data += isDrawing ? "L\(place)" : "M\(place)"
      // A point alone is a dot: the line's cap is round.
      let isAlone = !isDrawing && (index + 1 == points.count || points[index + 1] == nil)
      if isAlone { data += "h0" }
      isDrawing = true
    }
    if !data.isEmpty { add("path", [("class", name), ("d", data)]) }
  }

  static func number(_ value: Double) -> String { Report.fixed(value, 1) }

  private static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      // XML has no way to write these.
      case _ where scalar.value < 0x20: output += " "
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
