internal import ProtobufC

/// A mail, or a part of one, to be looked at (RFC 5322, RFC 2045, RFC 2046): as much of it as mails of
/// ours need, and nothing that a foreign one could make grow.
struct MimeEntity: Sendable {
  struct Field: Hashable, Sendable {
    let name: String
    /// Unfolded, encoded words decoded.
    let value: String
  }

  let fields: [Field]
  let parts: [MimeEntity]
  /// As it came, without the header.
  private let body: ArraySlice<UInt8>

  private static let deepest = 4
  private static let mostParts = 32
  private static let mostFields = 200

  init(_ bytes: [UInt8]) {
    self.init(bytes[...], depth: 0)
  }

  private init(_ bytes: ArraySlice<UInt8>, depth: Int) {
    var rest = bytes
    var lines: [String] = []
    while let line = Self.takeLine(&rest), !line.isEmpty {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix(" ") || text.hasPrefix("\t"), !lines.isEmpty {
        lines[lines.count - 1] += text
      } else if lines.count < Self.mostFields {
        lines.append(text)
      }
    }
    fields = lines.compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      return Field(name: String(line[..<colon]), value: EncodedWords.decode(String(value)))
    }
    body = rest
    let type = ContentType(Self.find("content-type", fields) ?? "")
    guard type.type.hasPrefix("multipart/"), depth < Self.deepest,
      let boundary = type.parameters["boundary"], !boundary.isEmpty
    else {
      parts = []
      return
    }
    parts = Self.split(rest, boundary).map { MimeEntity($0, depth: depth + 1) }
  }

  /// The first field of a name, in lower case.
  subscript(name: String) -> String? { Self.find(name, fields) }

  /// The text of the first part of a type, such as `text/html`, if it has one.
  func text(_ type: String) -> String? {
    guard parts.isEmpty else { return parts.lazy.compactMap { $0.text(type) }.first }
    let own = ContentType(self["content-type"] ?? "text/plain")
    guard own.type == type else { return nil }
    let bytes: [UInt8] =
      switch self["content-transfer-encoding"]?.lowercased() {
      case "quoted-printable": QuotedText.decode(body, isHeader: false)
      case "base64":
        Base64.decode(
          String(decoding: body.filter { $0 > 0x20 }, as: UTF8.self)) ?? []
      default: Array(body)
      }
    return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
  }

  private static func find(_ name: String, _ fields: [Field]) -> String? {
    fields.first { $0.name.lowercased() == name }?.value
  }

  /// Between the lines `--boundary`, up to `--boundary--`. The line's end before one belongs to it.
  private static func split(_ bytes: ArraySlice<UInt8>, _ boundary: String) -> [ArraySlice<UInt8>] {
    let delimiter = Array("--\(boundary)".utf8)
    var parts: [ArraySlice<UInt8>] = []
    var start: Int?
    var rest = bytes
    while !rest.isEmpty, parts.count < mostParts {
      let lineStart = rest.startIndex
      guard let line = takeLine(&rest) else { break }
      guard line.starts(with: delimiter) else { continue }
      if let start { parts.append(bytes[start..<max(start, lineStart - 2)]) }
      start = rest.startIndex
      if line.dropFirst(delimiter.count).starts(with: Array("--".utf8)) { break }
    }
    return parts
  }

  /// Up to a CR LF, which is dropped, or the end; nil where nothing is left.
  private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard !rest.isEmpty else { return nil }
    var index = rest.startIndex
    while index < rest.endIndex {
      if rest[index] == 0x0d, index + 1 < rest.endIndex, rest[index + 1] == 0x0a {
        let line = rest[rest.startIndex..<index]
        rest = rest[(index + 2)...]
        return line
      }
      index += 1
    }
    defer { rest = rest[rest.endIndex...] }
    return rest
  }
}

/// `text/plain; charset=utf-8`.
struct ContentType: Hashable, Sendable {
  /// In lower case, without parameters.
  let type: String
  /// Names in lower case.
  let parameters: [String: String]

  init(_ text: String) {
    let words = text.split(separator: ";").map { Self.trim($0) }
    type = (words.first ?? "").lowercased()
    var parameters: [String: String] = [:]
    for word in words.dropFirst() {
      guard let sign = word.firstIndex(of: "=") else { continue }
      var value = word[word.index(after: sign)...]
      if value.hasPrefix("\""), value.hasSuffix("\""), value.count > 1 {
        value = value.dropFirst().dropLast()
      }
      parameters[word[..<sign].lowercased()] = String(value)
    }
    self.parameters = parameters
  }

  private static func trim(_ text: Substring) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
