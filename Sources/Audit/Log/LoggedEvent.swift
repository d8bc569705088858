internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit

/// An event to be logged: its bytes as received, and what of it the log is searched by.
struct LoggedEvent: Sendable, Hashable {
  let id: EventID
  let log: LogName
  let time: Timestamp
  let request: RequestID?
  /// Nil for a payload that this program does not know yet: logged all the same.
  let kind: EntryKind?
  /// The subject id of who caused it; nil for the system, and where it is longer than what entries
  /// are found by.
  let person: String?
  /// The leaf: never encoded again.
  let bytes: [UInt8]

  /// - Parameters:
  ///   - event: what `bytes` say.
  ///   - bytes: as the feed gave them.
  init(_ event: EventV1.Event, bytes: [UInt8]) throws(EventFault) {
    guard let id = EventID(event.eventID) else { throw .eventID }
    guard let log = LogName(tenantID: event.tenantID) else { throw .tenantID }
    guard let time = Timestamp(event.time) else { throw .time }
    let request = RequestID(event.requestID)
    guard request != nil || event.requestID.isEmpty else { throw .requestID }
    self.id = id
    self.log = log
    self.time = time
    self.request = request
    kind = event.payload.map { EntryKind($0) }
    person = event.actor?.subject.flatMap { (1...255).contains($0.id.utf8.count) ? $0.id : nil }
    self.bytes = bytes
  }

  /// Reads a logged event again.
  init(logged bytes: [UInt8]) throws(EventFault) {
    let event: EventV1.Event
    do {
      // Our own services' events may hold a whole policy: the wider limits.
      event = try EventV1.Event(serialized: bytes, limits: .response)
    } catch {
      throw .undecodable(error)
    }
    try self.init(event, bytes: bytes)
  }
}

/// Why an event cannot be logged: its producer breaks the envelope's contract, and its feed stops.
enum EventFault: Error, Hashable {
  case undecodable(DecodingError)
  case eventID
  case tenantID
  case requestID
  case time
}

extension EventFault: CustomStringConvertible {
  var description: String {
    switch self {
    case .undecodable(let error): "its bytes are no event: \(error)"
    case .eventID: "its event id is no UUIDv7"
    case .tenantID: "its tenant id is no tenant id"
    case .requestID: "its request id is no UUIDv7"
    case .time: "its time is missing or out of range"
    }
  }
}
