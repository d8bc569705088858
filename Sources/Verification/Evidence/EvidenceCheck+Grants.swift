internal import LockboxProto
internal import MerkleLog
internal import SignedStatement
internal import Words

extension EvidenceCheck {
  /// Whether every grant that the entries approve is there with its evidence, and nothing else.
  func grants(_ evidence: PeriodEvidence, _ logged: [LoggedEntry], _ report: inout Report) {
    var rest = evidence.grants[...]
    for window in AccessLedger(logged).windows {
      guard let grant = window.grant else { continue }
      guard let next = rest.popFirst(), next.grant == grant else {
        report.fail(
          "grant \(window.grantID)", "its evidence is missing, or does not stand in its place",
          entry: window.entry)
        return
      }
      check(next, approvedBy: window.entry, evidence, logged, &report)
    }
    if let next = rest.first {
      report.fail(
        "grant \(next.grant?.grantID ?? "")", "no entry of the range approves it",
        entry: next.receipt?.index)
    }
  }

  private func check(
    _ grant: ApprovalsV1.GrantEvidence, approvedBy entry: UInt64, _ evidence: PeriodEvidence,
    _ logged: [LoggedEntry], _ report: inout Report
  ) {
    let name = "grant \(grant.grant?.grantID ?? "")"
    let isBreakGlass = grant.grant?.breakGlass == true
    let findings = verifier(acceptsBreakGlass: isBreakGlass).verify(grant)
    for finding in Report(findings, of: grant).findings {
      guard let problem = finding.problem else { continue }
      report.fail("\(name), \(finding.check)", problem, entry: finding.entry ?? entry)
      return
    }
    if let problem = disagreement(grant, logged) {
      report.fail(name, problem.reason, entry: problem.entry)
      return
    }
    let signed = grant.decisions.filter { $0.signature != nil }.count
    report.hold(
      name,
      isBreakGlass
        ? "break-glass: the customer was told, and did not approve"
        : "\(grant.decisions.count) decisions, \(signed) of them signed")
  }

  /// What a grant's evidence says otherwise than the entries of its request.
  private func disagreement(
    _ grant: ApprovalsV1.GrantEvidence, _ logged: [LoggedEntry]
  ) -> (reason: String, entry: UInt64)? {
    let requestID = grant.grant?.requestID ?? ""
    var unseen = grant.decisions
    for entry in logged where entry.event.requestID == requestID {
      switch entry.event.payload {
      case .accessRequestReceived(let received):
        guard received.accessRequest == grant.accessRequest else {
          return ("the log received another request", entry.index)
        }
      case .accessRequestOpened(let opened):
        let demanded = grant.stages.map(\.withoutApprovals)
        guard opened.stages.map(\.withoutApprovals) == demanded else {
          return ("the log opened other stages", entry.index)
        }
      case .decisionRecorded(let recorded):
        guard let decision = recorded.decision, decision.verdict == .approve else { continue }
        guard let place = unseen.firstIndex(of: decision) else {
          return ("the log holds another decision", entry.index)
        }
        unseen.remove(at: place)
      default: continue
      }
    }
    return nil
  }
}

extension CommonV1.Stage {
  /// As demanded, however many have approved since.
  fileprivate var withoutApprovals: Self {
    var stage = self
    stage.approvals = 0
    return stage
  }
}
