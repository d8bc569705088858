/// One thing that was looked at in a grant's evidence.
public struct EvidenceFinding: Hashable, Sendable {
  public enum Subject: Hashable, Sendable {
    /// The request's bytes have the digest that every decision and the grant name.
    case request
    /// The log's signed tree holds the approval of exactly this grant.
    case receipt
    /// A stage has its quorum of distinct people, none of them the engineer. 0-based.
    case stage(Int)
    /// The customer approved, where it was to be asked; what break-glass gave it did not approve.
    case customer
    /// A decision's signature is over exactly this decision, by the approver's key. 0-based.
    case signature(Int)
    /// What was granted is what the approvals left, and no more than any of them.
    case terms
  }

  public let subject: Subject
  /// Nil: it holds.
  public let problem: String?

  public var holds: Bool { problem == nil }
}
