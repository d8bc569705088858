/// What the state machine needs of an accepted request: immutable facts.
///
/// The justification and the ticket's text are for people to read; no rule looks at them, so they
/// stay in the stored bytes.
public struct AccessRequest: Hashable, Sendable {
  public let id: RequestID
  public let tenant: TenantID
  public let workload: Workload
  public let engineer: Subject
  public let reason: ReasonCode
  /// Nil: not stated.
  public let severity: Severity?
  public let hasTicket: Bool
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
    severity: Severity? = nil, hasTicket: Bool = false, scope: Scope, duration: Duration,
    receiveTime: Timestamp, digest: Digest, extends: GrantID? = nil,
    isBreakGlass: Bool = false
  ) {
    self.id = id
    self.tenant = tenant
    self.workload = workload
    self.engineer = engineer
    self.reason = reason
    self.severity = severity
    self.hasTicket = hasTicket
    self.scope = scope
    self.duration = duration
    self.receiveTime = receiveTime
    self.digest = digest
    self.extends = extends
    self.isBreakGlass = isBreakGlass
  }
}
