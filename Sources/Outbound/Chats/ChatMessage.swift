/// What is written into a chat: words of ours around values of others.
public struct ChatMessage: Hashable, Sendable {
  /// One line.
  public let title: String
  /// A sentence or a few.
  public let text: String
  /// Names of ours, and values as whoever wrote them.
  public let facts: [Fact]
  /// Where to go on; nil: nowhere.
  public let link: Link?

  public struct Fact: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public struct Link: Hashable, Sendable {
    public let label: String
    /// An absolute URL.
    public let url: String

    public init(_ label: String, url: String) {
      self.label = label
      self.url = url
    }
  }

  public init(title: String, text: String, facts: [Fact] = [], link: Link? = nil) {
    self.title = title
    self.text = text
    self.facts = facts
    self.link = link
  }
}

/// Chats that take messages by an incoming webhook.
public enum ChatFormat: Sendable, CaseIterable {
  /// Slack's incoming webhooks: Block Kit, with a plain form for notifications.
  case slack
  /// Microsoft Teams' Workflows ("Post to a channel when a webhook request is received"): a message
  /// with one Adaptive Card.
  case teams

  /// The body of the request, `application/json`.
  public func body(_ message: ChatMessage) -> [UInt8] {
    let text =
      switch self {
      case .slack: SlackMessage.json(message)
      case .teams: TeamsMessage.json(message)
      }
    return Array(text.utf8)
  }
}

/// Limits of chats, below the stricter one of both: a longer message is refused as a whole.
enum ChatLimits {
  /// Slack's `header` block.
  static let title = 150
  /// Slack's `text` of a section's field has 2,000, with what escaping adds; Teams' messages 28 KiB.
  static let value = 300
  static let text = 1_500
  static let facts = 12
  static let url = 1_500

  /// - Returns: at most so many characters.
  static func cut(_ text: String, _ limit: Int) -> String {
    guard text.unicodeScalars.count > limit else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + "…"
  }
}
