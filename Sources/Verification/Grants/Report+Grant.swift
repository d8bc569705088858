public import LockboxProto
public import SignedStatement
internal import Words

extension Report {
  /// What was found of a grant's evidence.
  public init(_ findings: [EvidenceFinding], of evidence: ApprovalsV1.GrantEvidence) {
    self.init()
    for finding in findings {
      let entry = finding.subject == .receipt ? evidence.receipt?.index : nil
      add(
        Finding(
          finding.subject.words(evidence), finding.problem.map { .fails($0) } ?? .holds(""),
          entry: entry))
    }
  }
}

extension EvidenceFinding.Subject {
  fileprivate func words(_ evidence: ApprovalsV1.GrantEvidence) -> String {
    switch self {
    case .request: "the request's bytes"
    case .receipt: "the approval in the tenant's log"
    case .stage(let index): "the quorum of \(evidence.stages[index].name)"
    case .customer:
      evidence.grant?.breakGlass == true
        ? "break-glass, without the customer's approval"
        : evidence.stages.contains { $0.side == .customer }
          ? "the customer's approval" : "no stage of the customer's"
    case .signature(let index):
      "the signature of \(evidence.decisions[index].approver?.short ?? "nobody")"
    case .terms: "what was granted"
    }
  }
}
