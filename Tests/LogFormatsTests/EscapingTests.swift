internal import LockboxProto
internal import ProtobufC
internal import Testing

@testable internal import LogFormats

/// Hostile texts, read back by small readers of the formats' own rules.
@Suite struct EscapingTests {
  @Test(arguments: hostileTexts)
  func `A spreadsheet calculates nothing, and a reader of CSV finds every field`(
    _ text: String
  ) throws {
    let row = CSVFormat.row(try .withJustification(text))
    let fields = try #require(Self.fieldsOfCSV(row))
    #expect(fields.count == Self.fieldsOfCSV(CSVFormat.header)?.count)
    for field in fields {
      let first = field.unicodeScalars.first
      #expect(!(first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false))
    }
    let comment = try #require(fields.last)
    let guarded = comment.hasPrefix("'") ? String(comment.dropFirst()) : comment
    #expect(guarded == text.visible(keeping: ["\n", "\r", "\t"]))
  }

  @Test(arguments: hostileTexts)
  func `A reader of CEF finds every field`(_ text: String) throws {
    let line = CEFFormat.line(try .withJustification(text))
    #expect(!line.unicodeScalars.contains { $0.isInvisibleControl })
    let (header, rest) = try #require(Self.headerOfCEF(line))
    #expect(header.count == 7)
    #expect(header.first == "CEF:0")
    let message = try #require(Self.extensionsOfCEF(rest)["msg"])
    #expect(message == text.visible(keeping: ["\n", "\r"]))
  }

  @Test func `Pipes and backslashes in a header of CEF are escaped, equal signs are not`() {
    #expect(CEFFormat.header("a|b\\c=d\ne") == "a\\|b\\\\c=d\\u000ae")
    #expect(CEFFormat.value("a|b\\c=d\ne\rf") == "a|b\\\\c\\=d\\ne\\rf")
  }

  @Test(arguments: hostileTexts)
  func `A syslog message is one line, and its length is its frame's`(_ text: String) throws {
    let record = try EntryRecord.withJustification(text)
    for body in SyslogFormat.Body.allCases {
      let format = SyslogFormat(body, hostname: "export.example")
      let message = format.message(record)
      let controls = message.unicodeScalars.filter { $0.isInvisibleControl }
      #expect(String(String.UnicodeScalarView(controls)) == (body == .sentence ? "\u{feff}" : ""))
      let frame = format.frame(record)
      let length = try #require(Int(String(decoding: frame.prefix { $0 != 0x20 }, as: UTF8.self)))
      #expect(frame.drop { $0 != 0x20 }.dropFirst().count == length)
      #expect(
        message.hasPrefix("<110>1 2025-11-24T16:00:00.123456Z export.example lockbox - access_"))
    }
  }

  @Test func `Quotes, backslashes and brackets in structured data are escaped`() {
    #expect(SyslogFormat.value("a\"b\\c]d[e") == "a\\\"b\\\\c\\]d[e")
  }

  @Test func `What syslog does not allow in a header is the nil value`() {
    for name in ["", "two words", "ünï", String(repeating: "a", count: 256), "a\nb"] {
      #expect(SyslogFormat(.cef, hostname: name).hostname == "-")
    }
    #expect(SyslogFormat(.cef, hostname: "h-1.example").hostname == "h-1.example")
  }

  @Test(arguments: hostileTexts)
  func `JSON is one line that holds the text unchanged`(_ text: String) throws {
    let record = try EntryRecord.withJustification(text)
    for line in [EntryFormat.jsonLines, .ocsf, .cloudEvents].map({ $0.text(record) }) {
      #expect(!line.unicodeScalars.contains { $0.isInvisibleControl })
      #expect(Self.stringsOfJSON(line).contains(text))
    }
  }

  @Test func `HTTP fields of CloudEvents hold printable ASCII only`() {
    #expect(
      CloudEventFormat.escaped("Euro € 😀 \"%\"") == "Euro%20%E2%82%AC%20%F0%9F%98%80%20%22%25%22")
  }

  // MARK: Readers

  private static func fieldsOfCSV(_ row: String) -> [String]? {
    var fields: [String] = []
    var rest = row.unicodeScalars[...]
    while true {
      guard rest.popFirst() == "\"" else { return nil }
      var field = String.UnicodeScalarView()
      while let next = rest.popFirst() {
        if next != "\"" { field.append(next); continue }
        guard rest.first == "\"" else { break }
        field.append(rest.removeFirst())
      }
      fields.append(String(field))
      guard let comma = rest.popFirst() else { return fields }
      guard comma == "," else { return nil }
    }
  }

  private static func headerOfCEF(_ line: String) -> ([String], Substring)? {
    var fields: [String] = []
    var field = ""
    var rest = line[...]
    while fields.count < 7 {
      guard let next = rest.popFirst() else { return nil }
      switch next {
      case "\\": field.append(rest.popFirst() ?? "?")
      case "|":
        fields.append(field)
        field = ""
      default: field.append(next)
      }
    }
    return (fields, rest)
  }

  /// A key is what stands between a space and an unescaped `=`.
  private static func extensionsOfCEF(_ text: Substring) -> [String: String] {
    var fields: [(key: String, value: String)] = []
    var pending = ""
    var rest = text.unicodeScalars[...]
    while let next = rest.popFirst() {
      switch next {
      case "\\":
        switch rest.popFirst() {
        case "n": pending.append("\n")
        case "r": pending.append("\r")
        case let other?: pending.unicodeScalars.append(other)
        case nil: break
        }
      case "=":
        let words = pending.split(separator: " ", omittingEmptySubsequences: false)
        let key = words.last.map { String($0) } ?? ""
        if !fields.isEmpty {
          fields[fields.count - 1].value = String(
            String.UnicodeScalarView(pending.unicodeScalars.dropLast(key.unicodeScalars.count + 1)))
        }
        fields.append((key, ""))
        pending = ""
      default: pending.unicodeScalars.append(next)
      }
    }
    if !fields.isEmpty { fields[fields.count - 1].value = pending }
    return Dictionary(fields.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// All strings of a JSON text.
  private static func stringsOfJSON(_ line: String) -> Set<String> {
    guard let value = try? JSONStrings(line) else { return [] }
    return value.all
  }
}
