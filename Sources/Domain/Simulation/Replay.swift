/// How a request of the past would have gone under another policy.
public struct Replay: Hashable, Sendable {
  /// What the request would have been opened with; nil: no policy would apply.
  public let snapshot: PolicySnapshot?
  /// Nil: it would have been opened.
  public let denial: DenialReason?
  /// In the order in which they counted.
  public let decisions: [ReplayedDecision]
  /// As the new snapshot has them.
  public let stages: [ReplayedStage]
  public let outcome: Outcome

  public enum Outcome: Int32, Hashable, Sendable {
    /// The same stages, and as far as they go the same answer.
    case same = 1
    /// It would be denied at once, and was not.
    case denied = 2
    /// It was denied at once, and would be opened.
    case opened = 3
    /// Other stages, for which the approvals of then would be enough.
    case approved = 4
    /// Other stages, for which the approvals of then would not be enough.
    case waiting = 5
    /// Whether the approvals of then would be enough, only people's tokens could tell.
    case uncertain = 6
    /// Other stages; it was not approved then either.
    case changed = 7
  }

  /// - Parameters:
  ///   - policy: the other one; nil: none.
  ///   - tenant: the settings of then.
  public init(
    of record: RequestRecord, under policy: WorkloadPolicy?, tenant: TenantSettings?,
    version tenantVersion: UInt64
  ) throws(Refusal) {
    let opened = try Transition.apply(
      Self.opening(record.request, policy, tenant, version: tenantVersion),
      to: RequestRecord(request: record.request), at: record.request.receiveTime)
    let denial = opened.record.denial
    let snapshot = opened.record.snapshot
    let after = snapshot?.stages ?? []
    let decisions = record.decisions.map { ReplayedDecision($0, of: record, after) }
    self.snapshot = snapshot
    self.denial = denial
    self.decisions = decisions
    stages = after.enumerated().map { index, stage in
      ReplayedStage(stage, decisions.filter { $0.stage == index })
    }
    outcome = Self.outcome(of: record, denial, stages)
  }

  /// What a policy makes of a request: of what stood around it then, such as a grant that it
  /// continued, no policy can tell.
  private static func opening(
    _ request: AccessRequest, _ policy: WorkloadPolicy?, _ tenant: TenantSettings?,
    version: UInt64
  ) -> RequestEvent {
    guard let policy, let tenant else { return .refuse(.noPolicy) }
    do throws(DenialReason) {
      return .open(
        try PolicySnapshot(
          of: request, policy: policy, version: 0, tenant: tenant, version: version))
    } catch {
      return .refuse(error)
    }
  }

  private static func outcome(
    of record: RequestRecord, _ denial: DenialReason?, _ stages: [ReplayedStage]
  ) -> Outcome {
    let before = record.denial.flatMap { $0 == .decision ? nil : $0 }
    if let before, !before.isOfPolicy { return .same }
    switch (denial, before) {
    case (.some, .some): return .same
    case (.some, nil): return .denied
    case (nil, .some): return .opened
    case (nil, nil):
      if record.snapshot?.stages == stages.map(\.stage) { return .same }
      guard record.grant != nil else { return .changed }
      let words = Set(stages.map(\.isEnough))
      return words.contains(false) ? .waiting : words.contains(nil) ? .uncertain : .approved
    }
  }
}

extension DenialReason {
  /// Whether policy and settings alone gave it, so that another policy may give another answer.
  fileprivate var isOfPolicy: Bool {
    switch self {
    case .noPolicy, .ticketRequired, .breakGlassNotAllowed, .breakGlassWithoutPolicy: true
    case .decision, .reviewOverdue, .extendedGrantUnknown, .extendedGrantOver,
      .extendedGrantRevoked, .extensionTooWide, .alreadyExtended, .extendedTooOften:
      false
    }
  }
}

/// A decision of the past, at the stage of the same side and name.
public struct ReplayedDecision: Hashable, Sendable {
  public let decision: Decision
  /// Nil: there is no such stage any more.
  public let stage: Int?
  /// Nil: only the person's token could tell, since groups, roles or claims name people.
  public let isEligible: Bool?

  fileprivate init(_ decision: Decision, of record: RequestRecord, _ stages: [Stage]) {
    self.decision = decision
    guard let before = record.snapshot?.stages[decision.stage],
      let index = stages.firstIndex(where: {
        $0.side == before.side && $0.name.isSame(as: before.name)
      })
    else {
      stage = nil
      isEligible = false
      return
    }
    let after = stages[index]
    stage = index
    let decidedElsewhere = record.decisions.contains {
      $0.approver == decision.approver && $0.stage < decision.stage
    }
    if decidedElsewhere && !after.allowsEarlierApprovers {
      isEligible = false
    } else if before.approvers.names(sameAs: after.approvers)
      && before.escalation == after.escalation
    {
      // Whoever was let in then is let in now.
      isEligible = true
    } else {
      isEligible = after.names(decision.seat)
    }
  }
}

/// What the approvals of then come to at a stage of the other policy.
public struct ReplayedStage: Hashable, Sendable {
  public let stage: Stage
  /// Approvals of then that would count for certain.
  public let approvals: Int
  /// Those that might.
  public let uncertain: Int
  /// Nil: it depends on those that might count.
  public var isEnough: Bool? {
    if approvals >= stage.approvers.quorum { return true }
    return approvals + uncertain >= stage.approvers.quorum ? nil : false
  }

  fileprivate init(_ stage: Stage, _ decisions: [ReplayedDecision]) {
    let approved = decisions.filter { $0.decision.verdict == .approve }
    self.stage = stage
    approvals = approved.count { $0.isEligible == true }
    uncertain = approved.count { $0.isEligible == nil }
  }
}

extension Approvers {
  /// Whether the same people are named, whatever the quorum.
  fileprivate func names(sameAs other: Approvers) -> Bool {
    people == other.people && groups == other.groups && roles == other.roles
      && claims == other.claims
  }
}

extension Stage {
  /// Whether the stage lets in whoever is named so; nil where that cannot be known.
  fileprivate func names(_ person: String) -> Bool? {
    if approvers.people.holds(person), approvers.claims.isEmpty { return true }
    // An escalated seat counts once it escalates; nobody can tell when that would have been.
    let isKnown = approvers.knownPeople != nil && escalation == nil
    return isKnown ? false : nil
  }
}
