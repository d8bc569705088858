public import Domain

/// Which requests to list, newest first.
public struct RequestQuery: Hashable, Sendable {
  /// Nil: of every tenant.
  public var tenant: TenantID?
  /// Nil: of every engineer.
  public var engineer: Subject?
  /// States as they are at `now`; empty: every state.
  public var states: Set<RequestState.Name>
  /// Only requests that were approved once.
  public var grantsOnly: Bool
  public var now: Timestamp
  /// Only requests before this one.
  public var before: RequestID?
  public var limit: Int

  public init(
    tenant: TenantID? = nil, engineer: Subject? = nil, states: Set<RequestState.Name> = [],
    grantsOnly: Bool = false, now: Timestamp, before: RequestID? = nil, limit: Int
  ) {
    self.tenant = tenant
    self.engineer = engineer
    self.states = states
    self.grantsOnly = grantsOnly
    self.now = now
    self.before = before
    self.limit = limit
  }
}
