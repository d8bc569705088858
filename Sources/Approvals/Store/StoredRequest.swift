public import Domain

/// A request as the store keeps it.
public struct StoredRequest: Hashable, Sendable {
  public var record: RequestRecord
  /// The accepted request's bytes as intake stored them: what the digest is over, and what people
  /// read.
  public let accessRequest: [UInt8]
  public var updateTime: Timestamp
  /// The event that told of the approval; the receipt in a token proves this one.
  public var approvalEvent: EventID?

  public init(
    record: RequestRecord, accessRequest: [UInt8], updateTime: Timestamp,
    approvalEvent: EventID? = nil
  ) {
    self.record = record
    self.accessRequest = accessRequest
    self.updateTime = updateTime
    self.approvalEvent = approvalEvent
  }
}
