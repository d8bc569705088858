/// Rows under headings, aligned.
struct Table: Sendable, Hashable {
  let headings: [String]
  private(set) var rows: [[Styled]] = []

  init(_ headings: String...) {
    self.headings = headings
  }

  /// - Precondition: as many cells as headings.
  mutating func add(_ cells: Styled...) {
    precondition(cells.count == headings.count, "a row of another length than the table's")
    rows.append(cells)
  }

  /// The lines; two spaces part the columns, the last one is as long as it is.
  func lines(_ style: Style) -> [String] {
    let header = headings.map { Styled($0, .heading) }
    let all = [header] + rows
    let widths = headings.indices.map { column in
      all.map { displayWidth($0[column].text) }.max() ?? 0
    }
    return all.map { row in
      var line = ""
      var pending = ""
      for (cell, width) in zip(row, widths) {
        // Padding is written only before a further cell: no line ends in spaces.
        if !cell.text.isEmpty {
          line += pending + cell.painted(style)
          pending = ""
        }
        pending += String(repeating: " ", count: width - displayWidth(cell.text) + 2)
      }
      return line
    }
  }
}

/// How many columns a terminal gives a text: two for wide East Asian characters and emoji.
func displayWidth(_ text: String) -> Int {
  text.reduce(0) { sum, character in
    guard let scalar = character.unicodeScalars.first else { return sum }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return sum + 2
    default: return sum + 1
    }
  }
}
