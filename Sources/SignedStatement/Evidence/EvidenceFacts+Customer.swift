internal import Domain
internal import LockboxProto

extension EvidenceFacts {
  /// Break-glass is never the customer's approval: whoever takes it has to say so.
  func customerProblem(acceptingBreakGlass: Bool, demanded: Bool) -> String? {
    guard asked.breakGlass else {
      return demanded && !stages.contains { $0.side == .customer }
        ? "the customer was not asked" : nil
    }
    guard acceptingBreakGlass else {
      return "break-glass: the customer was told, and did not approve"
    }
    let quorum = UInt32(Limits.breakGlassQuorum.lowerBound)
    guard stages.allSatisfy({ $0.side == .provider && $0.quorum >= quorum }) else {
      return "break-glass takes \(quorum) of the provider's people"
    }
    guard grantEnd - grantStart <= Limits.longestBreakGlassAccess else {
      return "the grant is longer than break-glass gives"
    }
    return nil
  }
}
