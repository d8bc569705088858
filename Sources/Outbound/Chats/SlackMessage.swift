internal import Words

/// Block Kit (Slack, "Incoming webhooks", "Reference: blocks").
///
/// What others wrote stands in `plain_text` objects, which know no markup, no mentions and no links;
/// in the plain form, which does, `&`, `<` and `>` are escaped, by which all of those begin.
enum SlackMessage {
  static func json(_ message: ChatMessage) -> String {
    let title = ChatLimits.cut(Printable.line(message.title), ChatLimits.title)
    var blocks = [
      JSONText.object([
        ("type", JSONText.string("header")), ("text", plain(title)),
      ])
    ]
    let text = cut(message.text)
    if !text.isEmpty {
      blocks.append(JSONText.object([("type", JSONText.string("section")), ("text", plain(text))]))
    }
    blocks += facts(message)
    if let link = message.link, let markup = self.link(link) {
      blocks.append(
        JSONText.object([("type", JSONText.string("section")), ("text", markdown(markup))]))
    }
    return JSONText.object([
      ("text", JSONText.string(escape(text.isEmpty ? title : "\(title): \(text)"))),
      ("blocks", JSONText.array(blocks)),
    ])
  }

  /// A section's fields, at most ten, stand in two columns: names left, values right.
  private static func facts(_ message: ChatMessage) -> [String] {
    let facts = Array(message.facts.prefix(ChatLimits.facts))
    return stride(from: 0, to: facts.count, by: 5).map { start in
      let fields = facts[start..<min(start + 5, facts.count)].flatMap { fact in
        let value = ChatLimits.cut(Printable.line(fact.value), ChatLimits.value)
        return [markdown("*\(escape(fact.name))*"), plain(value.isEmpty ? "–" : value)]
      }
      return JSONText.object([
        ("type", JSONText.string("section")), ("fields", JSONText.array(fields)),
      ])
    }
  }

  private static func cut(_ text: String) -> String {
    ChatLimits.cut(Printable.lines(text).joined(separator: "\n"), ChatLimits.text)
  }

  /// `<url|label>`, in which `|` and `>` would end the URL.
  private static func link(_ link: ChatMessage.Link) -> String? {
    guard link.url.utf8.count <= ChatLimits.url,
      link.url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      !link.url.contains(where: { "|<>".contains($0) })
    else { return nil }
    return "<\(escape(link.url))|\(escape(Printable.line(link.label)))>"
  }

  private static func plain(_ text: String) -> String {
    JSONText.object([
      ("type", JSONText.string("plain_text")), ("text", JSONText.string(text)), ("emoji", "false"),
    ])
  }

  private static func markdown(_ text: String) -> String {
    JSONText.object([("type", JSONText.string("mrkdwn")), ("text", JSONText.string(text))])
  }

  static func escape(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
