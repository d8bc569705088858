internal import Domain
internal import LockboxProto
internal import ServiceKit

/// What intake does with approvals' feed: it learns how its requests fare, and which tenants and
/// workloads there are.
extension IntakeTransaction {
  /// Applies one event of approvals' feed.
  /// - Returns: The request whose progress it changed.
  func applyApprovals(_ event: EventV1.Event) throws -> RequestID? {
    switch event.payload {
    case .tenantApplied(let applied):
      guard let tenant = TenantID(applied.settings?.tenantID ?? ""),
        let longest = Duration(applied.settings?.longestAccess)
      else { throw StoredMessageError(message: "tenant of approvals' feed", id: event.eventID) }
      try save(tenant: tenant, longestAccess: longest)
      return nil
    case .policyApplied(let applied):
      guard let workload = Workload(applied.policy?.workload ?? "") else {
        throw StoredMessageError(message: "policy of approvals' feed", id: event.eventID)
      }
      try save(workload: workload)
      return nil
    default:
      return try advance(by: event)
    }
  }

  private func advance(by event: EventV1.Event) throws -> RequestID? {
    guard let id = RequestID(event.requestID), let stored = try request(id),
      let progress = try progress(after: stored.progress, by: event)
    else { return nil }
    try update(progress, of: id)
    return id
  }

  /// Nil where the event changes no state.
  private func progress(
    after present: StoredRequest.Progress, by event: EventV1.Event
  ) throws -> StoredRequest.Progress? {
    guard let time = Timestamp(event.time) else {
      throw StoredMessageError(message: "event without a time", id: event.eventID)
    }
    func final(_ state: RequestState.Name) -> StoredRequest.Progress {
      .init(state: state, updateTime: time, grant: present.grant)
    }
    switch event.payload {
    case .stageOpened(let stage):
      return .init(
        state: stage.side == .customer ? .awaitingCustomer : .awaitingProvider, updateTime: time,
        deadline: Timestamp(stage.deadline))
    case .accessRequestApproved(let approved):
      return .init(
        state: .approved, updateTime: time, deadline: Timestamp(approved.grant?.endTime),
        grant: GrantID(approved.grant?.grantID ?? ""))
    case .accessRequestDenied: return final(.denied)
    case .accessRequestExpired: return final(.expired)
    case .accessRequestWithdrawn: return final(.withdrawn)
    case .grantRevoked: return final(.revoked)
    case .grantEnded: return final(.ended)
    default: return nil
    }
  }
}
