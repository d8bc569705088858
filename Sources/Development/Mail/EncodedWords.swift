internal import ProtobufC

/// `=?UTF-8?B?…?=` (RFC 2047), in UTF-8 only: others stay as they are.
enum EncodedWords {
  static func decode(_ text: String) -> String {
    var output: [UInt8] = []
    var rest = text[...]
    // White space between two encoded words is not part of the text.
    var gap: Substring?
    while !rest.isEmpty {
      if rest.hasPrefix("=?"), let (bytes, after) = word(rest) {
        output += bytes
        rest = after
        gap = rest.prefix { $0 == " " || $0 == "\t" }
        rest = rest.dropFirst(gap?.count ?? 0)
        continue
      }
      if let white = gap { output += Array(white.utf8) }
      gap = nil
      let next = rest.dropFirst().firstIndex(of: "=") ?? rest.endIndex
      output += Array(rest[..<next].utf8)
      rest = rest[next...]
    }
    if let white = gap { output += Array(white.utf8) }
    return String(decoding: output, as: UTF8.self)
  }

  private static func word(_ text: Substring) -> (bytes: [UInt8], after: Substring)? {
    let words = text.dropFirst(2).split(
      separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count == 4, words[0].lowercased() == "utf-8", words[3].hasPrefix("=") else {
      return nil
    }
    let bytes: [UInt8]? =
      switch words[1].lowercased() {
      case "b": Base64.decode(String(words[2]))
      case "q": QuotedText.decode(Array(words[2].utf8)[...], isHeader: true)
      default: nil
      }
    return bytes.map { ($0, words[3].dropFirst()) }
  }
}

/// Quoted-printable (RFC 2045 §6.7), and its form in headers (RFC 2047 §4.2), where `_` is a space.
enum QuotedText {
  static func decode(_ text: ArraySlice<UInt8>, isHeader: Bool) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == 0x3d else {
        output.append(isHeader && byte == 0x5f ? 0x20 : byte)
        continue
      }
      if rest.starts(with: [0x0d, 0x0a]) {
        rest = rest.dropFirst(2)
      } else if rest.count >= 2, let high = digit(rest[rest.startIndex]),
        let low = digit(rest[rest.startIndex + 1])
      {
        output.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        output.append(byte)
      }
    }
    return output
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
