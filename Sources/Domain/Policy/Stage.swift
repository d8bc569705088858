/// Whose people decide at a stage.
public enum Side: Int32, Hashable, Sendable, CaseIterable {
  case provider = 1
  case customer = 2

  /// The roles that its issuer can give, as policies name them.
  public var roles: Set<String> {
    switch self {
    case .provider: ["engineer", "manager", "operator"]
    case .customer: ["approver", "admin", "auditor"]
    }
  }
}

/// One approval step: k of the eligible must approve before its deadline.
public struct Stage: Hashable, Sendable {
  public let name: String
  public let side: Side
  public let approvers: Approvers
  public let lifetime: Duration
  /// Only signed decisions count here.
  public let requiresSignature: Bool
  /// Whoever decided at an earlier stage may decide here too.
  public let allowsEarlierApprovers: Bool
  public let escalation: Escalation?

  public init(
    name: String, side: Side, approvers: Approvers, lifetime: Duration,
    requiresSignature: Bool = false, allowsEarlierApprovers: Bool = false,
    escalation: Escalation? = nil
  ) {
    self.name = name
    self.side = side
    self.approvers = approvers
    self.lifetime = lifetime
    self.requiresSignature = requiresSignature
    self.allowsEarlierApprovers = allowsEarlierApprovers
    self.escalation = escalation
  }

  /// The moment from which more people may decide at the stage with this deadline.
  func escalationTime(deadline: Timestamp) -> Timestamp? {
    escalation.map { deadline - lifetime + $0.after }
  }

  /// Whether `person` may decide on a seat of their own. The clock decides on the escalation, not
  /// the event that announces it.
  func isOpen(to person: Person, at now: Timestamp, deadline: Timestamp) -> Bool {
    if approvers.include(person) { return true }
    guard let escalation, let time = escalationTime(deadline: deadline) else { return false }
    return now >= time && escalation.approvers.include(person)
  }
}
