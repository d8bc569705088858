internal import Domain
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Export

/// What collectors may write into a URL or a body: whatever it is, it is refused or understood.
@Suite("Foreign input of the activity API")
struct ForeignInputTests {
  private static let pieces = [
    "", "0", "$", "0000000000000000", "7fffffffffffffff", "ffffffffffffffff", "8000000000000000",
    "$4", "$9", "-", "+", "2026-11-22", "T", "24:00", "23:59:60", "Z", ".", "999999999999", "%00",
    "Audit.General", "audit.", "1677-09-21T00:12:43", "2262-04-12", "9999-12-31", "\u{0}", "é",
    "{\"webhook\":", "{", "}", "[", "]", ":", "\"address\"", "\"https://x.test\"", "null", "1e400",
    "true", ",", "\"expiration\"",
  ]

  @Test("any text is a value or is none, and an id is written as it was read")
  func texts() async throws {
    var random = TestGenerator.announced()
    let bench = ActivityBench()
    try await bench.start()
    for _ in 0..<1_000 {
      let text = (0..<Int.random(in: 0...5, using: &random))
        .map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
      if let id = ContentID(text) { #expect(id.description == text) }
      if let time = Timestamp(activity: text) {
        #expect(Timestamp(activity: time.activity) == time, "\(text)")
      }
      _ = try? WebhookTarget.parse(Array(text.utf8), now: bench.clock.now())
      let other = Self.pieces.randomElement(using: &random) ?? ""
      for query in [
        ["contentType": text], ["contentType": "Audit.General", "nextPage": text],
        ["contentType": "Audit.General", "startTime": text, "endTime": other],
      ] {
        _ = await refusal { try await bench.feed.content(ActivityBench.request(query)) }
      }
      _ = await refusal { try await bench.feed.audit(ActivityBench.request([:]), text) }
    }
  }

  @Test("a content id has one form")
  func contentIDs() {
    let good = "000000000000000a$00000000000000ff$4"
    #expect(ContentID(good)?.description == good)
    for text in [
      "", "a$ff$4", "000000000000000A$00000000000000ff$4", "00000000000000ff$000000000000000a$4",
      "\(good) ", "\(good)$", "000000000000000a$00000000000000ff$0",
      "000000000000000a$00000000000000ff$04", "000000000000000a$8000000000000000$4",
      "+00000000000000a$00000000000000ff$4", "000000000000000a$00000000000000ff",
    ] {
      #expect(ContentID(text) == nil, "\(text)")
    }
  }
}
