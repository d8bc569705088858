internal import ProtobufC
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@Suite("JSON and base64url from outside")
struct JsonTests {
  @Test("what is written is read back")
  func roundTrip() throws {
    let value = Json.object([
      "a": .array([.number("-1.5e+3"), .null, .bool(true), .bool(false)]),
      "b\"\\\n": .string("é 😈 \u{1} \u{7f} \u{2028}"), "c": .object([:]), "d": .array([]),
    ])
    #expect(try JsonParser.parse(Array(value.text.utf8)) == value)
  }

  @Test("escapes mean what RFC 8259 says")
  func escapes() throws {
    let text = #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude08""#
    #expect(try JsonParser.parse(Array(text.utf8)) == .string("\"\\/\u{8}\u{c}\n\r\té😈"))
  }

  @Test(
    "what two readers could understand differently is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "01",
      "1.", ".5", "+1", "1e", "--1", "NaN", "Infinity", "tru", "nullx", "1 2", "{a:1}", "'a'",
      "\"\u{1}\"", "\"\\x\"", "\"\\ud83d\"", "\"\\ude08\"", "\"\\ud83d\\u0061\"", "\"\\u0000\"",
      "\"\\u12g4\"", "\"", "[", "\u{feff}1",
      String(repeating: "[", count: 18) + String(repeating: "]", count: 18),
      String(repeating: "9", count: 40),
    ])
  func refused(_ text: String) {
    #expect(throws: JsonError.self) { try JsonParser.parse(Array(text.utf8)) }
  }

  @Test("bytes that are not UTF-8 are refused")
  func notUTF8() {
    #expect(throws: JsonError.self) { try JsonParser.parse([0x22, 0xc0, 0xaf, 0x22]) }
  }

  @Test("base64url comes back, whatever the bytes")
  func base64() {
    var random = TestGenerator.announced()
    for length in 0..<67 {
      let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
    }
  }

  @Test(
    "only the one canonical text of bytes is read",
    arguments: ["A", "AB", "AAB", "AA==", "AAA=", "AA+A", "AA/A", "AA A", "AAAA\n", "é"])
  func nonCanonical(_ text: String) {
    #expect(Base64URL.decode(text.utf8) == nil)
  }
}
