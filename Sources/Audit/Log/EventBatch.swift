internal import ServiceKit

/// Events of one feed, dense and in order, to be logged in one transaction.
struct EventBatch: Sendable {
  let feed: FeedName
  /// The sequence before the first event's.
  let after: UInt64
  let events: [LoggedEvent]

  /// The last event's sequence.
  var through: UInt64 { after + UInt64(events.count) }
}

/// An event of a feed that cannot be logged.
struct UnloggableEvent: Error, Hashable, CustomStringConvertible {
  let sequence: UInt64
  let fault: EventFault

  var description: String { "event \(sequence): \(fault)" }
}

extension EventBatch {
  /// - Parameter batch: checked by the consumer to go on where the cursor stands, without gap.
  init(_ batch: FeedBatch, feed: FeedName) throws(UnloggableEvent) {
    var events: [LoggedEvent] = []
    events.reserveCapacity(batch.elements.count)
    for element in batch.elements {
      do {
        events.append(try LoggedEvent(element.event, bytes: element.bytes))
      } catch {
        throw UnloggableEvent(sequence: element.sequence, fault: error)
      }
    }
    self.init(feed: feed, after: batch.after, events: events)
  }
}
