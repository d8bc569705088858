/// One thing that was looked at.
public struct Finding: Hashable, Sendable {
  /// What, in a few words.
  public let check: String
  public let outcome: Outcome
  /// The log's entry that it is about, where it is about one.
  public let entry: UInt64?

  public enum Outcome: Hashable, Sendable {
    /// What was found.
    case holds(String)
    /// What is wrong.
    case fails(String)
    /// An earlier failure leaves nothing to check.
    case notReached
  }

  public init(_ check: String, _ outcome: Outcome, entry: UInt64? = nil) {
    self.check = check
    self.outcome = outcome
    self.entry = entry
  }

  /// What is wrong; nil where nothing is.
  public var problem: String? {
    guard case .fails(let problem) = outcome else { return nil }
    return problem
  }
}
