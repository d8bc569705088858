/// Text as ASCII on short lines (RFC 2045 §6.7).
enum QuotedPrintable {
  /// Without the line's end.
  private static let longestLine = 76

  /// - Parameter text: with any line ends: CR LF, LF, CR.
  /// - Returns: lines that end with CR LF, the last one too.
  static func encode(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count + text.utf8.count / 4 + 2)
    for line in lines(text) { append(line, to: &output) }
    return output
  }

  private static func lines(_ text: String) -> [Substring.UnicodeScalarView] {
    var lines: [Substring.UnicodeScalarView] = []
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    var index = start
    while index < scalars.endIndex {
      let scalar = scalars[index]
      var next = scalars.index(after: index)
      if scalar == "\r" || scalar == "\n" {
        lines.append(scalars[start..<index])
        if scalar == "\r", next < scalars.endIndex, scalars[next] == "\n" {
          next = scalars.index(after: next)
        }
        start = next
      }
      index = next
    }
    if start < scalars.endIndex { lines.append(scalars[start...]) }
    return lines
  }

  private static func append(_ line: Substring.UnicodeScalarView, to output: inout [UInt8]) {
    var column = 0
    var index = line.startIndex
    while index < line.endIndex {
      let next = line.index(after: index)
      let unit = encode(line[index], isLast: next == line.endIndex)
      // One column is kept for the `=` of a soft break, unless nothing follows.
      let room = next == line.endIndex ? longestLine : longestLine - 1
      if column + unit.count > room {
        output += [0x3d, 0x0d, 0x0a]
        column = 0
      }
      output += unit
      column += unit.count
      index = next
    }
    output += [0x0d, 0x0a]
  }

  /// A character's octets stay together. White space at a line's end would be lost on the way.
  private static func encode(_ scalar: Unicode.Scalar, isLast: Bool) -> [UInt8] {
    switch scalar.value {
    case 0x20 where !isLast, 0x09 where !isLast: [UInt8(scalar.value)]
    case 0x21...0x3c, 0x3e...0x7e: [UInt8(scalar.value)]
    default:
      String(scalar).utf8.flatMap { byte in
        [0x3d, hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      }
    }
  }

  private static let hexadecimal = Array("0123456789ABCDEF".utf8)
}
