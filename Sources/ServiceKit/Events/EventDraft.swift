public import Domain
public import LockboxProto
internal import ProtobufC

/// An event that has no place in a feed yet: the store gives it the sequence, and its bytes are
/// made once, then.
public struct EventDraft: Hashable, Sendable {
  public let id: EventID
  public let time: Timestamp
  /// Nil: the provider's own log.
  public let tenant: TenantID?
  public let request: RequestID?
  public let origin: EventOrigin
  public let payload: EventV1.Event.Payload

  public init(
    time: Timestamp, tenant: TenantID?, request: RequestID?, origin: EventOrigin,
    payload: EventV1.Event.Payload
  ) {
    id = .make(at: time)
    self.time = time
    self.tenant = tenant
    self.request = request
    self.origin = origin
    self.payload = payload
  }

  /// The event's bytes at its place in a feed: what is stored, sent, logged and hashed.
  public func serialized(feed: String, sequence: UInt64) throws -> [UInt8] {
    try EventV1.Event(
      feed: feed, sequence: sequence, eventID: id.description, time: .init(time),
      tenantID: tenant?.text ?? "", requestID: request?.description ?? "", actor: origin.actor,
      trace: origin.trace, payload: payload
    ).serialized()
  }
}
