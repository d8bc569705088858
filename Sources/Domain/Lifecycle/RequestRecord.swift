/// A request with all that was decided about it.
public struct RequestRecord: Hashable, Sendable {
  public let request: AccessRequest
  public var state: RequestState
  /// Nil until opened, and when no policy applied.
  public var snapshot: PolicySnapshot?
  /// In the order in which they counted.
  public var decisions: [Decision]
  /// Questions and answers, in order.
  public var thread: [ThreadEntry]
  /// Set once approved, and kept after its end.
  public var grant: Grant?
  /// Of an extension: what it continues, once it is opened.
  public var extended: ExtendedGrant?
  /// Set once break-glass gave access.
  public var review: BreakGlassReview?
  /// Set once denied.
  public var denial: DenialReason?
  /// What was told of the open stage, or of the last one.
  public var notices: Set<StageNotice>

  public init(
    request: AccessRequest, state: RequestState = .received, snapshot: PolicySnapshot? = nil,
    decisions: [Decision] = [], thread: [ThreadEntry] = [], grant: Grant? = nil,
    extended: ExtendedGrant? = nil, review: BreakGlassReview? = nil,
    denial: DenialReason? = nil, notices: Set<StageNotice> = []
  ) {
    self.request = request
    self.state = state
    self.snapshot = snapshot
    self.decisions = decisions
    self.thread = thread
    self.grant = grant
    self.extended = extended
    self.review = review
    self.denial = denial
    self.notices = notices
  }

  /// The state as everybody must see it at `now`: what is past its deadline is over, whether or
  /// not expiry has said so yet.
  public func state(at now: Timestamp) -> RequestState.Name {
    if let open = state.openStage, now >= open.deadline { return .expired }
    if state == .approved, let grant, now >= grant.end { return .ended }
    return state.name
  }

  /// The next deadline: of the open stage, or of the grant's window.
  public var deadline: Timestamp? {
    if let open = state.openStage { return open.deadline }
    return state == .approved ? grant?.end : nil
  }

  /// How many have approved at `stage`.
  public func approvals(at stage: Int) -> Int {
    decisions.count { $0.stage == stage && $0.verdict == .approve }
  }
}
