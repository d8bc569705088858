internal import Domain
internal import LockboxProto
internal import ServiceKit

extension AccessRequest {
  /// A request that nobody makes: what no rule looks at is made up.
  /// - Parameter issuer: the engineer's, where the request names none.
  init?(
    simulated request: ApprovalsV1.SimulateAccessRequestRequest, tenant: TenantID, issuer: String,
    at now: Timestamp, _ violations: inout Violations
  ) {
    let workload = violations.unwrap(
      Workload(request.workload), "workload",
      "must be 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    let reason = violations.unwrap(
      ReasonCode(rawValue: request.reasonCode.rawValue), "reason_code", "is missing or unknown")
    let severity = Severity(rawValue: request.severity.rawValue)
    violations.require(
      request.severity == .unspecified || severity != nil, "severity", "is unknown")
    let engineer = Subject(
      issuer: (request.engineer?.issuer).flatMap { $0.isEmpty ? nil : $0 } ?? issuer,
      id: request.engineer?.id ?? "")
    violations.text(engineer.id, "engineer.id", length: Limits.subjectLength)
    violations.text(request.ticket, "ticket", length: Limits.ticketLength)
    let scope =
      request.scope == nil
      ? Scope(resources: [], actions: []) : violations.scope(request.scope, "scope")
    let duration =
      request.duration == nil ? Limits.longestAccess : Duration(request.duration)
    violations.require(duration != nil, "duration", "is no valid duration")
    if let duration { violations.accessDuration(duration, "duration", shortest: .seconds(1)) }
    guard let workload, let reason, let scope, let duration,
      let digest = Digest([UInt8](repeating: 0, count: 32))
    else { return nil }
    self.init(
      id: .make(at: now), tenant: tenant, workload: workload, engineer: engineer, reason: reason,
      severity: severity, hasTicket: !request.ticket.isEmpty, scope: scope, duration: duration,
      receiveTime: now, digest: digest, isBreakGlass: request.breakGlass)
  }
}

extension ApprovalsV1.SimulateAccessRequestResponse {
  /// - Parameters:
  ///   - asksCustomer: whether the tenant has lockbox on for the workload.
  ///   - wanted: how long access was asked for; nil: as long as may be.
  init(
    _ forecast: Forecast, asksCustomer: Bool, wanted: Duration?, seenBy caller: Caller
  ) {
    var findings = forecast.stages.enumerated().filter { $1.isOutOfReach }.map { index, _ in
      ApprovalsV1.SimulationFinding(reason: "QUORUM_OUT_OF_REACH", stage: UInt32(index))
    }
    if !asksCustomer { findings.append(.init(reason: "LOCKBOX_OFF")) }
    if let wanted, forecast.terms.duration < wanted {
      findings.append(.init(reason: "DURATION_CUT"))
    }
    self.init(
      denialReason: forecast.denial?.rawValue ?? "",
      policyVersion: forecast.snapshot?.policyVersion ?? 0,
      tenantVersion: forecast.snapshot?.tenantVersion ?? 0,
      policyRule: forecast.snapshot?.rule ?? "",
      stages: forecast.stages.map { .init($0, seenBy: caller) },
      duration: .init(forecast.terms.duration), findings: findings)
  }
}

extension Caller {
  /// Whether who may approve at the side's stages is theirs to know: whoever may read the policy
  /// or the tenant's settings anyway.
  fileprivate func maySeeApprovers(of side: Side) -> Bool {
    switch side {
    case .provider: boundTenant == nil
    case .customer: roles.contains(.operator) || roles.contains(.admin)
    }
  }
}

extension ApprovalsV1.SimulatedStage {
  init(_ forecast: StageForecast, seenBy caller: Caller) {
    let stage = forecast.stage
    self.init(
      name: stage.name, side: .init(rawValue: stage.side.rawValue),
      quorum: UInt32(clamping: stage.approvers.quorum), lifetime: .init(stage.lifetime),
      latestDeadline: .init(forecast.latestDeadline), requiresSignature: stage.requiresSignature)
    guard caller.maySeeApprovers(of: stage.side) else {
      approversHidden = true
      return
    }
    let approvers = stage.approvers.message
    seats = forecast.seats.map { seat in
      .init(
        person: seat.person, standing: .init(rawValue: seat.standing.rawValue),
        delegate: seat.delegate ?? "", escalation: seat.isEscalation)
    }
    groups = approvers.groups
    roles = approvers.roles
    claims = approvers.claims
    escalation = stage.escalation.map {
      .init(after: .init($0.after), approvers: $0.approvers.message)
    }
    availableKnown = forecast.available != nil
    available = UInt32(clamping: forecast.available ?? 0)
  }
}

extension ApprovalsV1.ReplayedRequest {
  /// - Parameter caller: who decided is told to those who may read the request.
  init(_ record: RequestRecord, _ replay: Replay, at now: Timestamp, seenBy caller: Caller) {
    let request = record.request
    self.init(
      requestID: request.id.description, tenantID: request.tenant.text,
      reasonCode: .init(rawValue: request.reason.rawValue),
      severity: .init(rawValue: request.severity?.rawValue ?? 0),
      receiveTime: .init(request.receiveTime), state: .init(record.state(at: now)),
      outcome: .init(rawValue: replay.outcome.rawValue),
      denialReason: replay.denial?.rawValue ?? "",
      stagesThen: (record.snapshot?.stages ?? []).enumerated().map { index, stage in
        .init(stage, approvals: record.approvals(at: index))
      },
      stagesNow: replay.stages.map { .init($0.stage, approvals: $0.approvals) },
      policyRuleThen: record.snapshot?.rule ?? "", policyRuleNow: replay.snapshot?.rule ?? "",
      decisions: replay.decisions.map {
        .init($0, isNamed: caller.roles.contains(.manager))
      })
  }
}

extension ApprovalsV1.ReplayedDecision {
  fileprivate init(_ replayed: ReplayedDecision, isNamed: Bool) {
    let eligibility: ApprovalsV1.ReplayEligibility =
      switch (replayed.stage, replayed.isEligible) {
      case (nil, _): .noStage
      case (_, true?): .eligible
      case (_, false?): .notEligible
      case (_, nil): .unknown
      }
    self.init(
      stageThen: UInt32(replayed.decision.stage),
      approver: isNamed ? .init(replayed.decision.approver) : nil,
      verdict: .init(rawValue: replayed.decision.verdict.rawValue), eligibility: eligibility)
  }
}
