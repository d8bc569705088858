public import Domain

/// Which requests to list, newest first.
public struct RequestQuery: Hashable, Sendable {
  /// Nil: of every tenant.
  public var tenant: TenantID?
  /// Nil: of every engineer.
  public var engineer: Subject?
  /// States as they are at `now`; empty: every state.
  public var states: Set<RequestState.Name>
  public var grants: Grants
  /// Nil: of every workload.
  public var workload: Workload?
  /// Only requests received from then on, by the time in their ids.
  public var receivedFrom: Timestamp?
  /// Only those whose break-glass review is open.
  public var onlyOpenReviews: Bool
  public var now: Timestamp
  /// Only requests before this one.
  public var before: RequestID?
  public var limit: Int

  /// Whether a request must have a grant.
  public enum Grants: Hashable, Sendable {
    case whether
    /// It was approved once.
    case given
    /// Its grant gives access at `now`.
    case live
    /// Its grant was ended before its window was, and the window is not over at `now`.
    case cutShort
  }

  public init(
    tenant: TenantID? = nil, engineer: Subject? = nil, states: Set<RequestState.Name> = [],
    grants: Grants = .whether, workload: Workload? = nil, receivedFrom: Timestamp? = nil,
    onlyOpenReviews: Bool = false, now: Timestamp, before: RequestID? = nil, limit: Int
  ) {
    self.tenant = tenant
    self.engineer = engineer
    self.states = states
    self.grants = grants
    self.workload = workload
    self.receivedFrom = receivedFrom
    self.onlyOpenReviews = onlyOpenReviews
    self.now = now
    self.before = before
    self.limit = limit
  }
}
