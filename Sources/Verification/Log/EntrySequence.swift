internal import Domain
internal import DomainProto
internal import LockboxProto
internal import ProtobufC

/// Looks at the entries of one log, one after the other: dense, events, of this log, and in the
/// order in which their services numbered them.
public struct EntrySequence: Sendable {
  private let tenantID: String
  /// The index that must come.
  public private(set) var next: UInt64
  private var sequences: [String: UInt64] = [:]
  private var newestDecision = Timestamp.distantPast

  /// The feed in which every access begins and ends.
  static let accessFeed = "approvals"

  /// - Parameters:
  ///   - tenantID: whose log it is; empty: the provider's own.
  ///   - start: the index of the first entry.
  public init(tenantID: String, from start: UInt64 = 0) {
    self.tenantID = tenantID
    next = start
  }

  /// Goes over an entry of whose event only the leaf's hash is left.
  public mutating func pass(index: UInt64) throws(EntryFault) {
    guard index == next else { throw .missing(next, found: index) }
    next += 1
  }

  /// The entry, if it may stand here.
  public mutating func take(index: UInt64, bytes: [UInt8]) throws(EntryFault) -> LoggedEntry {
    guard index == next else { throw .missing(next, found: index) }
    guard !bytes.isEmpty else { throw .dropped(index) }
    // Our own services' events may hold a whole policy: the wider limits.
    guard let event = try? EventV1.Event(serialized: bytes, limits: .response),
      let time = Timestamp(event.time)
    else { throw .noEvent(index) }
    guard event.tenantID.utf8.elementsEqual(tenantID.utf8) else {
      throw .otherLog(index, tenantID: event.tenantID)
    }
    guard event.sequence > sequences[event.feed] ?? 0 else {
      throw .outOfOrder(index, feed: event.feed)
    }
    sequences[event.feed] = event.sequence
    if event.feed == Self.accessFeed {
      guard time >= newestDecision else { throw .timeWentBack(index) }
      newestDecision = time
    }
    next += 1
    return LoggedEntry(index: index, bytes: bytes, event: event, time: time)
  }
}
