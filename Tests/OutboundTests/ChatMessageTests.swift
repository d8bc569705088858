internal import Outbound
internal import StrictJSON
internal import TestKit
internal import Testing

@Suite struct ChatMessageTests {
  private static let hostile =
    "<!channel> <https://evil.test|ok> *bold* [x](y) {{DATE(2017-02-14T06:08:39Z)}} ${x} \u{202E}a"

  private static let message = ChatMessage(
    title: "Access request for Acme", text: "Erin asks for access.\n\(hostile)",
    facts: [.init("Engineer", "Erin"), .init("Why", hostile), .init("Ticket", "")],
    link: .init("Read it", url: "https://portal.test/requests/1?a=b&c=d"))

  private static func json(_ format: ChatFormat, _ message: ChatMessage = message) throws -> Json {
    try JsonParser.parse(format.body(message))
  }

  @Test func `Slack gets blocks, and a plain form for its notifications`() throws {
    let json = try Self.json(.slack)
    let text = try #require(json["text"]?.string)
    #expect(text.hasPrefix("Access request for Acme: Erin asks for access."))
    // All markup that mentions or links begins with <.
    #expect(text.contains("&lt;!channel&gt;") && !text.contains("<"))
    let blocks = try #require(json["blocks"]?.array)
    #expect(blocks.map { $0["type"]?.string } == ["header", "section", "section", "section"])
    #expect(blocks[0]["text"]?["text"]?.string == "Access request for Acme")
    let fields = try #require(blocks[2]["fields"]?.array)
    #expect(
      fields.map { $0["type"]?.string }
        == ["mrkdwn", "plain_text", "mrkdwn", "plain_text", "mrkdwn", "plain_text"])
    #expect(fields[0]["text"]?.string == "*Engineer*")
    #expect(fields[1]["text"]?.string == "Erin")
    #expect(fields[3]["text"]?.string?.contains("<!channel>") == true)
    #expect(fields[3]["text"]?.string?.contains("\u{202E}") == false)
    #expect(fields[5]["text"]?.string == "–")
    #expect(
      blocks[3]["text"]?["text"]?.string
        == "<https://portal.test/requests/1?a=b&amp;c=d|Read it>")
  }

  @Test func `Nobody's text is markup in Slack`() throws {
    let blocks = try #require(try Self.json(.slack)["blocks"]?.array)
    for block in blocks {
      for part in [block["text"]].compactMap({ $0 }) + (block["fields"]?.array ?? [])
      where part["type"]?.string == "mrkdwn" {
        #expect(part["text"]?.string?.contains("evil") == false)
      }
    }
  }

  @Test func `Teams gets a message with an Adaptive Card of plain runs`() throws {
    let json = try Self.json(.teams)
    #expect(json["type"]?.string == "message")
    let attachment = try #require(json["attachments"]?.array?.first)
    #expect(attachment["contentType"]?.string == "application/vnd.microsoft.card.adaptive")
    let card = try #require(attachment["content"])
    #expect(card["type"]?.string == "AdaptiveCard")
    #expect(card["version"]?.string == "1.4")
    let body = try #require(card["body"]?.array)
    #expect(body.allSatisfy { $0["type"]?.string == "RichTextBlock" })
    let runs = body.compactMap { $0["inlines"]?.array }.flatMap { $0 }
    #expect(runs.allSatisfy { $0["type"]?.string == "TextRun" })
    let texts = runs.compactMap { $0["text"]?.string }
    #expect(texts.first == "Access request for Acme")
    #expect(texts.contains("Engineer: ") && texts.contains("Erin"))
    #expect(texts.allSatisfy { !$0.contains("{{") && !$0.contains("${") })
    let action = try #require(card["actions"]?.array?.first)
    #expect(action["type"]?.string == "Action.OpenUrl")
    #expect(action["url"]?.string == "https://portal.test/requests/1?a=b&c=d")
  }

  @Test(arguments: ChatFormat.allCases)
  func `However much there is, a message stays below what the chat takes`(
    _ format: ChatFormat
  ) throws {
    for filler in ["a", "&", "\u{7}", "😀", "{", "\""] {
      let long = String(repeating: filler, count: 10_000)
      let message = ChatMessage(
        title: long, text: long, facts: (0..<100).map { _ in .init("Name", long) })
      let body = format.body(message)
      #expect(body.count <= (format == .teams ? 28 : 40) << 10, "\(filler): \(body.count)")
      guard format == .slack else { continue }
      let blocks = try #require(try JsonParser.parse(body)["blocks"]?.array)
      for block in blocks {
        let fields = block["fields"]?.array ?? []
        #expect(fields.count <= 10)
        #expect(fields.allSatisfy { ($0["text"]?.string ?? "").utf16.count <= 2_000 })
        #expect((block["text"]?["text"]?.string ?? "").utf16.count <= 3_000)
      }
    }
  }

  @Test func `A link that would break out of its markup is left out`() throws {
    for url in ["https://a.test/|b", "https://a.test/> <!here", "https://a.test/ b"] {
      let message = ChatMessage(title: "T", text: "", link: .init("Read", url: url))
      let blocks = try #require(try Self.json(.slack, message)["blocks"]?.array)
      #expect(blocks.count == 1)
    }
  }
}
