public import LockboxProto
internal import ProtobufC

/// Events of one feed, dense and in order, to be applied together with the cursor's move.
public struct FeedBatch: Sendable, Hashable {
  /// One event as it came.
  public struct Element: Sendable, Hashable {
    public let sequence: UInt64
    /// As the producer stored it: what is hashed and logged, never encoded again.
    public let bytes: [UInt8]
    public let event: EventV1.Event
  }

  /// Whose feed.
  public let feed: String
  /// The sequence before the first event: where the cursor must stand.
  public let after: UInt64
  /// At least one.
  public let elements: [Element]

  /// The sequence of the last event: where the cursor goes.
  public var last: UInt64 { after + UInt64(elements.count) }

  /// Checks that a message goes on exactly where the cursor stands, and that each event says itself
  /// what the feed says of it.
  init(
    _ records: [FeedV1.FeedRecord], of feed: ServiceName, after position: UInt64
  ) throws(FeedFault) {
    var elements: [Element] = []
    elements.reserveCapacity(records.count)
    for record in records {
      let expected = position + UInt64(elements.count) + 1
      guard record.sequence == expected else {
        throw .gap(feed, expected: expected, found: record.sequence)
      }
      let event: EventV1.Event
      do {
        // From our own service, and possibly a whole policy: the wider limits.
        event = try EventV1.Event(serialized: record.event, limits: .response)
      } catch {
        throw .undecodable(feed, sequence: expected)
      }
      guard event.feed == feed.rawValue, event.sequence == expected else {
        throw .mismatch(
          feed, sequence: expected, eventFeed: event.feed, eventSequence: event.sequence)
      }
      elements.append(Element(sequence: expected, bytes: record.event, event: event))
    }
    self.feed = feed.rawValue
    self.after = position
    self.elements = elements
  }
}
