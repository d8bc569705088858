public import Domain
public import LockboxProto

/// An entry of a log, and the event that it holds.
public struct LoggedEntry: Hashable, Sendable {
  /// 0-based in its log.
  public let index: UInt64
  /// The event's bytes as logged: the leaf.
  public let bytes: [UInt8]
  public let event: EventV1.Event
  public let time: Timestamp

  /// Whether it is of the feed in which every access begins and ends.
  public var isOfAccessFeed: Bool { event.feed == EntrySequence.accessFeed }
}

/// Why an entry cannot stand where it is shown.
public enum EntryFault: Error, Hashable, Sendable {
  case missing(UInt64, found: UInt64)
  case noEvent(UInt64)
  /// Of old events, retention leaves the hash.
  case dropped(UInt64)
  case otherLog(UInt64, tenantID: String)
  /// A feed's numbers only rise: this one was logged before, or belongs before.
  case outOfOrder(UInt64, feed: String)
  /// The approvals service's clock never goes back.
  case timeWentBack(UInt64)

  /// Of the entry.
  public var index: UInt64 {
    switch self {
    case .missing(let index, _), .noEvent(let index), .dropped(let index),
      .otherLog(let index, _), .outOfOrder(let index, _), .timeWentBack(let index):
      index
    }
  }
}

extension EntryFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let index, let found): "Entry \(index) is missing: \(found) comes instead."
    case .noEvent(let index): "Entry \(index) holds no event."
    case .dropped(let index):
      "Entry \(index) has no event any more: retention dropped it, and it is evidence of nothing."
    case .otherLog(let index, let tenantID): "Entry \(index) is of another log: \(tenantID)."
    case .outOfOrder(let index, let feed):
      "Entry \(index) stands after later ones of the feed \(feed)."
    case .timeWentBack(let index): "Entry \(index) is of an earlier time than one before it."
    }
  }
}
