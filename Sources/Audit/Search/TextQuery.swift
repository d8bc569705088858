internal import LockboxProto
internal import ProtobufC

/// Words that an entry is looked for by: each must begin a word of the entry's texts, whatever the
/// case.
struct TextQuery: Sendable, Hashable {
  /// In characters.
  static let longest = 256

  private let words: [String]

  /// Nil where the text holds no word.
  init?(_ text: String) {
    words = Self.words(of: text)
    guard !words.isEmpty else { return nil }
  }

  func matches(_ texts: [String]) -> Bool {
    let found = texts.flatMap { Self.words(of: $0) }
    return words.allSatisfy { word in found.contains { $0.hasPrefix(word) } }
  }

  /// Runs of letters and digits.
  private static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { String($0) }
  }
}

extension EntryQuery {
  /// Whether the events themselves must be looked at.
  var judgesEvents: Bool { text != nil || personIssuer != nil }

  /// - Parameter event: as logged; empty for a dropped one, of which nothing can be said.
  func accepts(_ event: [UInt8]) -> Bool {
    guard let event = try? EventV1.Event(serialized: event, limits: .response) else { return false }
    return (personIssuer.map { event.actor?.subject?.issuer == $0 } ?? true)
      && text?.matches(event.texts) ?? true
  }
}
