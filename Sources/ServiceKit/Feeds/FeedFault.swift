/// Why a feed cannot be consumed any further: each is for a person to look into, none passes by
/// itself, and going on would lose events.
public enum FeedFault: Error, Hashable, Sendable, CustomStringConvertible {
  case gap(ServiceName, expected: UInt64, found: UInt64)
  case mismatch(ServiceName, sequence: UInt64, eventFeed: String, eventSequence: UInt64)
  case undecodable(ServiceName, sequence: UInt64)
  /// We have applied what the producer does not have: it lost events, or it is another one.
  case beyondEnd(ServiceName, position: UInt64)
  /// An event that our own rules do not take.
  case inapplicable(ServiceName, after: UInt64, reason: String)

  public var description: String {
    switch self {
    case .gap(let feed, let expected, let found):
      "The feed of \(feed.rawValue) goes on with \(found) instead of \(expected): events are lost."
    case .mismatch(let feed, let sequence, let eventFeed, let eventSequence):
      """
      Event \(sequence) of the feed of \(feed.rawValue) says of itself that it is \
      \(eventSequence) of `\(eventFeed)`.
      """
    case .undecodable(let feed, let sequence):
      "Event \(sequence) of the feed of \(feed.rawValue) cannot be decoded."
    case .beyondEnd(let feed, let position):
      """
      The feed of \(feed.rawValue) ends before \(position), which is applied here already: its \
      database was replaced or restored from a backup.
      """
    case .inapplicable(let feed, let after, let reason):
      "An event after \(after) of the feed of \(feed.rawValue) cannot be applied: \(reason)."
    }
  }
}
