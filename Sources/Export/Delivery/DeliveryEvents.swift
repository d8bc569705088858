internal import Domain
internal import LockboxProto
internal import ServiceKit

/// The events that deliveries write in the transactions that they tell of.
extension DeliveryTransaction {
  func tell(of destination: Destination, _ step: DeliveryBatch.Step) throws {
    if let first = step.givenUp.first, let last = step.givenUp.last {
      try tell(
        of: destination, .added, first.index...last.index, count: UInt64(step.givenUp.count),
        by: .system())
    }
    if step.isDisabled { try tellDisabled(destination) }
  }

  func tell(
    of destination: Destination, _ change: CommonV1.DeadLetterChange,
    _ indexes: ClosedRange<UInt64>, count: UInt64, by origin: EventOrigin
  ) throws {
    try tell(
      destination,
      .deadLettersChanged(
        .init(
          destinationID: destination.id.description, name: destination.name, change: change,
          count: count, firstIndex: indexes.lowerBound, lastIndex: indexes.upperBound)),
      by: origin)
  }

  func tellDisabled(_ destination: Destination) throws {
    try tell(
      destination,
      .destinationDisabled(
        .init(destinationID: destination.id.description, name: destination.name)), by: .system())
  }

  func tell(
    _ destination: Destination, _ payload: EventV1.Event.Payload, by origin: EventOrigin
  ) throws {
    let draft = EventDraft(
      time: now, tenant: destination.tenant, request: nil, origin: origin, payload: payload)
    try append { try draft.serialized(feed: feedName, sequence: $0) }
  }
}
