internal import Words

/// A message with an Adaptive Card 1.4 (Microsoft Teams, "Create incoming webhooks with Workflows").
///
/// Everything stands in text runs: text blocks and fact sets would read Markdown.
enum TeamsMessage {
  static func json(_ message: ChatMessage) -> String {
    var body = [
      line([run(ChatLimits.cut(Printable.line(message.title), ChatLimits.title), isTitle: true)])
    ]
    let text = ChatLimits.cut(
      Printable.lines(message.text).joined(separator: "\n"), ChatLimits.text)
    body += text.split(separator: "\n").map { line([run(String($0))]) }
    body += message.facts.prefix(ChatLimits.facts).map { fact in
      let value = ChatLimits.cut(Printable.line(fact.value), ChatLimits.value)
      return line([
        run("\(fact.name): ", isStrong: true), run(value.isEmpty ? "–" : value),
      ])
    }
    var card = [
      ("$schema", JSONText.string("http://adaptivecards.io/schemas/adaptive-card.json")),
      ("type", JSONText.string("AdaptiveCard")), ("version", JSONText.string("1.4")),
      ("body", JSONText.array(body)),
    ]
    if let link = message.link, link.url.utf8.count <= ChatLimits.url {
      let action = JSONText.object([
        ("type", JSONText.string("Action.OpenUrl")),
        ("title", JSONText.string(Printable.line(link.label))), ("url", JSONText.string(link.url)),
      ])
      card.append(("actions", JSONText.array([action])))
    }
    let attachment = JSONText.object([
      ("contentType", JSONText.string("application/vnd.microsoft.card.adaptive")),
      ("contentUrl", "null"), ("content", JSONText.object(card)),
    ])
    return JSONText.object([
      ("type", JSONText.string("message")), ("attachments", JSONText.array([attachment])),
    ])
  }

  private static func line(_ runs: [String]) -> String {
    JSONText.object([
      ("type", JSONText.string("RichTextBlock")), ("inlines", JSONText.array(runs)),
    ])
  }

  private static func run(
    _ text: String, isTitle: Bool = false, isStrong: Bool = false
  ) -> String {
    // `{{DATE(…)}}` and `${…}` would be replaced by the reader's program.
    let unbraced = text.split(separator: "{", omittingEmptySubsequences: false)
      .joined(separator: "\u{2060}{")
    var members = [("type", JSONText.string("TextRun")), ("text", JSONText.string(unbraced))]
    if isTitle { members.append(("size", JSONText.string("large"))) }
    if isTitle || isStrong { members.append(("weight", JSONText.string("bolder"))) }
    return JSONText.object(members)
  }
}
