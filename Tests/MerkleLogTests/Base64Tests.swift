internal import ReferenceTree
internal import Testing

@testable internal import MerkleLog

@Suite("Base64")
struct Base64Tests {
  @Test(
    "the vectors of RFC 4648 §10 go both ways",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func vectors(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test("random bytes come back")
  func roundTrip() {
    var random = SeededRandom("base64")
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
  }

  @Test(
    "another spelling of a value is no base64",
    arguments: [
      "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v====", "=", "====", "Z===", "Zg==Zg==", "Zm 9v",
      "Zm9v\n", "Zm9-", "Zm_v", "Zm9v=", "Zm9vé",
    ])
  func strict(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(
    "decimals have one spelling",
    arguments: [
      ("0", 0), ("1", 1), ("18446744073709551615", UInt64.max), ("18446744073709551616", nil),
      ("99999999999999999999", nil), ("", nil), ("00", nil), ("01", nil), ("-1", nil), ("+1", nil),
      ("1 ", nil), ("1a", nil), ("٣", nil),
    ] as [(String, UInt64?)])
  func decimals(text: String, value: UInt64?) {
    #expect(Decimal.decode(text) == value)
  }
}
