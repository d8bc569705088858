internal import Testing

@testable internal import RPC

@Suite("Base64 and percent-coding")
struct CodingTests {
  @Test(
    "base64 follows RFC 4648 §10, without padding",
    arguments: [
      ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
      ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
  func base64(plain: String, coded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == coded)
    #expect(Base64.decode(coded.utf8) == Array(plain.utf8))
    let padded = coded + String(repeating: "=", count: (4 - coded.utf8.count % 4) % 4)
    #expect(Base64.decode(padded.utf8) == Array(plain.utf8))
  }

  @Test(
    "broken base64 is refused, and a second text of the same bytes",
    arguments: [
      "Z", "Zm9vY", "Zg=", "Z===", "Zg=a", "Z-_v", "Zm 9", "Zh", "Zh==", "Zv", "Zm9", "Zm9=",
    ])
  func brokenBase64(text: String) {
    #expect(Base64.decode(text.utf8) == nil)
  }

  @Test("every byte survives base64")
  func base64RoundTrip() {
    for length in 0...260 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
      #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
    }
  }

  @Test(
    "grpc-message is percent-coded UTF-8",
    arguments: [
      ("", ""), ("plain text: all of it!", "plain text: all of it!"), ("100 %", "100 %25"),
      (
        "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
        "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A"
      ),
      ("\u{0}\u{7f}", "%00%7F"),
    ])
  func percent(plain: String, coded: String) {
    #expect(PercentCoding.encode(plain) == coded)
    #expect(PercentCoding.decode(coded.utf8) == plain)
  }

  @Test(
    "decoding never fails",
    arguments: [
      ("%", "%"), ("a%2", "a%2"), ("%zz", "%zz"), ("%e2%98%ba", "☺"), ("%ff", "\u{fffd}"),
      ("%%41", "%A"), ("%4", "%4"),
    ])
  func lenient(coded: String, plain: String) {
    #expect(PercentCoding.decode(coded.utf8) == plain)
  }
}
