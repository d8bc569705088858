/// The grant that a request asks to continue, as it was when the request was opened.
public struct ExtendedGrant: Hashable, Sendable {
  public let id: GrantID
  /// Before this moment the extension gives nothing.
  public let end: Timestamp
  /// Which extension of the first grant this is, from 1.
  public let position: Int

  public init(id: GrantID, end: Timestamp, position: Int) {
    self.id = id
    self.end = end
    self.position = position
  }
}

extension AccessRequest {
  /// The grant of `earlier`, if this request may continue it. The approvals that it needs are its
  /// own all the same.
  ///
  /// - Parameters:
  ///   - earlier: what `extends` names; nil: nothing.
  ///   - others: what else asks or asked to continue the same grant.
  public func continuing(
    _ earlier: RequestRecord?, others: [RequestRecord], at now: Timestamp
  ) throws(DenialReason) -> ExtendedGrant {
    guard let earlier, let grant = earlier.grant, earlier.request.engineer == engineer,
      earlier.request.tenant == tenant, earlier.request.workload == workload, !isBreakGlass
    else { throw .extendedGrantUnknown }
    switch earlier.state(at: now) {
    case .approved: break
    case .revoked: throw .extendedGrantRevoked
    case .received, .awaitingProvider, .awaitingCustomer, .denied, .expired, .withdrawn, .ended:
      throw .extendedGrantOver
    }
    guard scope.isWithin(grant.scope) else { throw .extensionTooWide }
    // One at a time: two would give twice the time that the customer sees in each.
    guard others.allSatisfy({ $0.request.id == id || $0.state(at: now).isFinal }) else {
      throw .alreadyExtended
    }
    let position = (earlier.extended?.position ?? 0) + 1
    guard position <= Limits.extensionCount else { throw .extendedTooOften }
    return ExtendedGrant(id: grant.id, end: grant.end, position: position)
  }
}
