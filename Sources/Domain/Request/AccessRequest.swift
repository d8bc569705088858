/// What the state machine needs of an accepted request: immutable facts.
///
/// Justification and ticket are for people to read; no rule looks at them, so they stay in the
/// stored bytes.
public struct AccessRequest: Hashable, Sendable {
  public let id: RequestID
  public let tenant: TenantID
  public let workload: Workload
  public let engineer: Subject
  public let reason: ReasonCode
  public let scope: Scope
  /// How long access is wanted, from the moment of approval.
  public let duration: Duration
  public let receiveTime: Timestamp
  /// SHA-256 of the accepted request's bytes as intake stored them.
  public let digest: Digest
  /// The engineer's grant that this request continues.
  public let extends: GrantID?
  /// Whether it asks for access without the customer's approval.
  public let isBreakGlass: Bool

  public init(
    id: RequestID, tenant: TenantID, workload: Workload, engineer: Subject, reason: ReasonCode,
    scope: Scope, duration: Duration, receiveTime: Timestamp, digest: Digest,
    extends: GrantID? = nil, isBreakGlass: Bool = false
  ) {
    self.id = id
    self.tenant = tenant
    self.workload = workload
    self.engineer = engineer
    self.reason = reason
    self.scope = scope
    self.duration = duration
    self.receiveTime = receiveTime
    self.digest = digest
    self.extends = extends
    self.isBreakGlass = isBreakGlass
  }
}
