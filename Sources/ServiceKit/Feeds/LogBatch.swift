public import Domain
public import LockboxProto
internal import ProtobufC

/// Entries of audit's logs, dense over all logs and in order, to be applied together with the
/// cursor's move.
public struct LogBatch: Sendable, Hashable {
  /// One entry as it was logged.
  public struct Element: Sendable, Hashable {
    /// Over all logs.
    public let sequence: UInt64
    /// Whose log; nil: the provider's own.
    public let tenant: TenantID?
    /// In that log, from 0.
    public let index: UInt64
    /// As logged: the leaf. Empty where the tenant's retention has dropped it.
    public let bytes: [UInt8]
    /// Nil where the body was dropped.
    public let event: EventV1.Event?
  }

  /// The sequence before the first entry: where the cursor must stand.
  public let after: UInt64
  /// At least one.
  public let elements: [Element]

  /// The sequence of the last entry: where the cursor goes.
  public var last: UInt64 { after + UInt64(elements.count) }

  /// For those who make batches of their own in tests.
  public init(after: UInt64, elements: [Element]) {
    self.after = after
    self.elements = elements
  }

  /// Checks that a message goes on exactly where the cursor stands, and that each event says itself
  /// whose log it stands in.
  init(_ records: [AuditV1.LogRecord], after position: UInt64) throws(FeedFault) {
    var elements: [Element] = []
    elements.reserveCapacity(records.count)
    for record in records {
      let expected = position + UInt64(elements.count) + 1
      guard record.sequence == expected else {
        throw .gap(.audit, expected: expected, found: record.sequence)
      }
      let tenant = TenantID(record.tenantID)
      guard tenant != nil || record.tenantID.isEmpty else {
        throw .undecodable(.audit, sequence: expected)
      }
      elements.append(
        Element(
          sequence: expected, tenant: tenant, index: record.index, bytes: record.event,
          event: try Self.event(record)))
    }
    self.init(after: position, elements: elements)
  }

  private static func event(_ record: AuditV1.LogRecord) throws(FeedFault) -> EventV1.Event? {
    if record.event.isEmpty { return nil }
    let event: EventV1.Event
    do {
      // From our own service, and possibly a whole policy: the wider limits.
      event = try EventV1.Event(serialized: record.event, limits: .response)
    } catch {
      throw .undecodable(.audit, sequence: record.sequence)
    }
    guard event.tenantID == record.tenantID else {
      throw .inapplicable(
        .audit, after: record.sequence - 1, reason: "it stands in another tenant's log")
    }
    return event
  }
}

extension LogBatch.Element {
  /// Reads an entry from its bytes.
  /// - Returns: nil for bytes that are no event.
  public init?(sequence: UInt64, tenant: TenantID?, index: UInt64, bytes: [UInt8]) {
    guard let event = try? EventV1.Event(serialized: bytes, limits: .response) else { return nil }
    self.init(sequence: sequence, tenant: tenant, index: index, bytes: bytes, event: event)
  }
}
