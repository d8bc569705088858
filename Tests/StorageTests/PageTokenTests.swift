internal import Storage
internal import Testing

@Suite("A page token")
struct PageTokenTests {
  private let query: [[UInt8]] = [Array("ListEntries".utf8), Array("tenant-1".utf8)]

  @Test("gives its key back", arguments: [1, 2, 3, 15, 16, 17, 300])
  func roundTrip(count: Int) throws {
    let key = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let token = PageToken.encode(key: key, query: query)
    #expect(try PageToken.decode(token, query: query) == key)
    #expect(token.utf8.count <= PageToken.maxLength)
    #expect(token.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
  }

  @Test(
    "of another query is refused",
    arguments: [
      [], ["ListEntries"], ["ListEntries", "tenant-2"], ["ListEntriest", "enant-1"],
      ["ListEntries", "tenant-1", ""],
    ])
  func foreign(other: [String]) {
    let token = PageToken.encode(key: [1, 2, 3], query: other.map { Array($0.utf8) })
    #expect(throws: PageToken.Failure.foreign) { try PageToken.decode(token, query: query) }
  }

  @Test("that was cut or changed is refused")
  func damaged() {
    let token = PageToken.encode(key: Array(0..<16), query: query)
    let header = PageToken.encode(key: [], query: query)
    let wrong = [
      "", "A", "====", token + "=", token + " ", "é" + token, header,
      "C" + token.dropFirst(), String(token.dropLast()),
      String(repeating: "A", count: PageToken.maxLength + 4),
    ]
    for text in wrong {
      #expect(throws: PageToken.Failure.malformed, "\(text)") {
        try PageToken.decode(text, query: query)
      }
    }
  }

  @Test("has one spelling: bits that stand for nothing are refused")
  func canonical() throws {
    let token = PageToken.encode(key: [7, 0], query: query)
    let last = try #require(token.last)
    #expect(last == "A")
    #expect(throws: PageToken.Failure.malformed) {
      try PageToken.decode(token.dropLast() + "B", query: query)
    }
  }
}
