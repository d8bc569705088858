internal import Words

/// Colour, or none.
struct Style: Sendable, Hashable {
  let isColoured: Bool

  static let plain = Style(isColoured: false)

  /// What a piece of text means; the colour follows.
  enum Meaning: Sendable, Hashable {
    case plain, heading, good, bad, waiting, faint

    fileprivate var code: String? {
      switch self {
      case .plain: nil
      case .heading: "1"
      case .good: "32"
      case .bad: "31"
      case .waiting: "33"
      case .faint: "2"
      }
    }
  }

  func paint(_ text: String, _ meaning: Meaning) -> String {
    guard isColoured, let code = meaning.code, !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

/// Text of ours or made safe, with what it means.
struct Styled: Sendable, Hashable, ExpressibleByStringInterpolation {
  let text: String
  let meaning: Style.Meaning

  /// Untrusted text becomes safe here: there is no other way into a table or page.
  init(_ text: String, _ meaning: Style.Meaning = .plain) {
    self.text = Printable.line(text)
    self.meaning = meaning
  }

  init(stringLiteral value: String) { self.init(value) }

  func painted(_ style: Style) -> String { style.paint(text, meaning) }
}
