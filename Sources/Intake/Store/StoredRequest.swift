public import Domain

/// A request as intake keeps it: what was asked, and the state that approvals last told of.
public struct StoredRequest: Hashable, Sendable {
  public let id: RequestID
  /// The serialised `lockbox.common.v1.AccessRequest`: never changed.
  public let accessRequest: [UInt8]
  public let digest: Digest
  public let tenant: TenantID
  public let engineer: Subject
  public var progress: Progress
  /// Whether its engineer asked to withdraw it.
  public var isWithdrawn: Bool

  /// What approvals' feed tells of a request.
  public struct Progress: Hashable, Sendable {
    public var state: RequestState.Name
    public var updateTime: Timestamp
    /// Of the open stage, or of the grant's window.
    public var deadline: Timestamp?
    public var grant: GrantID?

    public init(
      state: RequestState.Name, updateTime: Timestamp, deadline: Timestamp? = nil,
      grant: GrantID? = nil
    ) {
      self.state = state
      self.updateTime = updateTime
      self.deadline = deadline
      self.grant = grant
    }

    /// The state as everybody must see it at `now`: past a deadline it is over, whether or not
    /// expiry has said so yet.
    public func state(at now: Timestamp) -> RequestState.Name {
      guard let deadline, now >= deadline else { return state }
      switch state {
      case .awaitingProvider, .awaitingCustomer: return .expired
      case .approved: return .ended
      case .received, .denied, .expired, .withdrawn, .revoked, .ended: return state
      }
    }
  }

  public init(
    id: RequestID, accessRequest: [UInt8], digest: Digest, tenant: TenantID, engineer: Subject,
    progress: Progress, isWithdrawn: Bool = false
  ) {
    self.id = id
    self.accessRequest = accessRequest
    self.digest = digest
    self.tenant = tenant
    self.engineer = engineer
    self.progress = progress
    self.isWithdrawn = isWithdrawn
  }
}

/// One idempotency key of one engineer, and what it was first used for.
public struct Submission: Hashable, Sendable {
  public let engineer: Subject
  public let key: String
  /// Over what was asked, the key aside: the same content gets the same answer (I8).
  public let content: Digest
  public let request: RequestID

  public init(engineer: Subject, key: String, content: Digest, request: RequestID) {
    self.engineer = engineer
    self.key = key
    self.content = content
    self.request = request
  }
}
