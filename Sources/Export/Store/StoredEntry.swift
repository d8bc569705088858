public import Domain

/// An entry of a tenant's log, or of the provider's own, as export keeps it.
public struct StoredEntry: Sendable, Hashable {
  /// Over all logs, dense, from 1.
  public let sequence: UInt64
  /// Nil: the provider's own log.
  public let tenant: TenantID?
  /// In its log, from 0.
  public let index: UInt64
  /// The serialised event as logged; empty where the tenant's retention had dropped it before it
  /// came here.
  public let event: [UInt8]

  public init(sequence: UInt64, tenant: TenantID?, index: UInt64, event: [UInt8]) {
    self.sequence = sequence
    self.tenant = tenant
    self.index = index
    self.event = event
  }
}
