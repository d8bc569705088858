/// Where a request stands, and who acts next.
public enum RequestState: Hashable, Sendable {
  /// Accepted by intake; the system acts next.
  case received
  /// A manager acts next, before `deadline`.
  case awaitingProvider(stage: Int, deadline: Timestamp)
  /// An approver of the customer acts next, before `deadline`.
  case awaitingCustomer(stage: Int, deadline: Timestamp)
  /// The grant is live; the engineer acts next.
  case approved
  case denied
  case expired
  case withdrawn
  /// The customer ended the grant before its time.
  case revoked
  /// The grant's window is over, or the engineer gave it back.
  case ended

  /// The state alone, as it is stored, listed and sent.
  public enum Name: Int32, Hashable, Sendable, CaseIterable {
    case received = 1
    case awaitingProvider = 2
    case awaitingCustomer = 3
    case approved = 4
    case denied = 5
    case expired = 6
    case withdrawn = 7
    case revoked = 8
    case ended = 9

    /// Nobody acts any more.
    public var isFinal: Bool {
      switch self {
      case .received, .awaitingProvider, .awaitingCustomer, .approved: false
      case .denied, .expired, .withdrawn, .revoked, .ended: true
      }
    }
  }

  public var name: Name {
    switch self {
    case .received: .received
    case .awaitingProvider: .awaitingProvider
    case .awaitingCustomer: .awaitingCustomer
    case .approved: .approved
    case .denied: .denied
    case .expired: .expired
    case .withdrawn: .withdrawn
    case .revoked: .revoked
    case .ended: .ended
    }
  }

  /// The stage that waits for its people, with its deadline.
  public var openStage: (index: Int, deadline: Timestamp)? {
    switch self {
    case .awaitingProvider(let stage, let deadline), .awaitingCustomer(let stage, let deadline):
      (stage, deadline)
    case .received, .approved, .denied, .expired, .withdrawn, .revoked, .ended: nil
    }
  }
}
