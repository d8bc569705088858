internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestKit

@testable internal import Audit

/// Makes feeds of events, each event with its own id, a second after the one before.
struct TestEvents {
  let feed: FeedName
  private(set) var last: UInt64 = 0
  private var random: TestGenerator

  static let start = Timestamp(seconds: 1_767_225_600, nanos: 0)!  // 2026-01-01T00:00:00Z

  init(_ feed: FeedName = .approvals, _ test: String = #function) {
    self.feed = feed
    random = .announced(test)
  }

  /// The next event of the feed.
  mutating func next(
    _ tenant: String = "acme", request: RequestID? = nil,
    payload: EventV1.Event.Payload? = .decisionRecorded(.init()), id: EventID? = nil,
    by actor: EventV1.Actor? = nil, after wait: Duration = .zero
  ) -> [UInt8] {
    last += 1
    let time = Self.start + .seconds(Int64(last)) + wait
    let event = EventV1.Event(
      feed: feed.rawValue, sequence: last, eventID: (id ?? newID(at: time)).description,
      time: GoogleProtobuf.Timestamp(seconds: time.seconds, nanos: time.nanos), tenantID: tenant,
      requestID: request?.description ?? "", actor: actor, payload: payload)
    return serialized(event)
  }

  /// The next `count` events as a batch, their tenants taken in turn.
  mutating func batch(_ count: Int, tenants: [String] = ["acme"]) -> EventBatch {
    let after = last
    let records = (0..<count).map { next(tenants[$0 % tenants.count]) }
    return Self.batch(feed, after, records)
  }

  /// The next events, as they come, as a batch.
  static func batch(_ feed: FeedName, _ after: UInt64, _ events: [[UInt8]]) -> EventBatch {
    do {
      return EventBatch(
        feed: feed, after: after, events: try events.map { try LoggedEvent(logged: $0) })
    } catch {
      preconditionFailure("\(error)")
    }
  }

  mutating func newID<Kind>(at time: Timestamp = start) -> ID<Kind> {
    ID(UUIDv7(at: time, using: &random))
  }
}

func serialized(_ message: some Message) -> [UInt8] {
  do {
    return try message.serialized()
  } catch {
    preconditionFailure("\(error)")
  }
}

extension LogName {
  static let acme = LogName(tenantID: "acme")!
  static let globex = LogName(tenantID: "globex")!
}
