public import Domain
internal import DomainProto
public import LockboxProto
public import MerkleLog
internal import ProtobufC

/// Checks a grant's evidence offline: nothing of it is believed that does not follow from the
/// request's bytes, the approvers' keys and the log's key.
public struct GrantEvidenceVerifier: Sendable {
  private let log: NoteVerifier
  private let trustedKeys: Set<ApproverKeyID>?
  private let relyingParty: WebAuthnRelyingParty?
  private let demandsSignatures: Bool
  private let acceptsBreakGlass: Bool

  /// - Parameters:
  ///   - log: the key of the tenant's log; its name is the log's origin.
  ///   - trustedKeys: the approvers' keys that count; nil: those that the evidence names, each for
  ///     its approver only.
  ///   - demandsSignatures: of each of the customer's decisions, whatever the evidence says was
  ///     demanded.
  ///   - acceptsBreakGlass: takes a grant that the customer did not approve, where it is break-glass
  ///     by the rules.
  public init(
    log: NoteVerifier, trustedKeys: Set<ApproverKeyID>?, relyingParty: WebAuthnRelyingParty?,
    demandsSignatures: Bool, acceptsBreakGlass: Bool = false
  ) {
    self.log = log
    self.trustedKeys = trustedKeys
    self.relyingParty = relyingParty
    self.demandsSignatures = demandsSignatures
    self.acceptsBreakGlass = acceptsBreakGlass
  }

  /// Every finding, in order; the evidence holds when all do.
  public func verify(_ evidence: ApprovalsV1.GrantEvidence) -> [EvidenceFinding] {
    guard let facts = EvidenceFacts(evidence) else {
      return [
        EvidenceFinding(
          subject: .request, problem: "a field that the evidence needs is missing or malformed")
      ]
    }
    var findings = [
      EvidenceFinding(subject: .request, problem: facts.requestProblem),
      EvidenceFinding(
        subject: .receipt, problem: receiptProblem(evidence.receipt, facts.grantMessage)),
    ]
    for index in facts.stages.indices {
      findings.append(EvidenceFinding(subject: .stage(index), problem: facts.stageProblem(index)))
    }
    findings.append(
      EvidenceFinding(
        subject: .customer,
        problem: facts.customerProblem(
          acceptingBreakGlass: acceptsBreakGlass, demanded: demandsSignatures)))
    for (index, decision) in facts.decisions.enumerated() {
      guard decision.signature != nil || isSignatureDemanded(of: decision, facts) else { continue }
      findings.append(
        EvidenceFinding(subject: .signature(index), problem: signatureProblem(decision, facts)))
    }
    return findings + [EvidenceFinding(subject: .terms, problem: facts.termsProblem)]
  }

  private func isSignatureDemanded(
    of decision: EvidenceFacts.Decided, _ facts: EvidenceFacts
  ) -> Bool {
    guard facts.stages.indices.contains(decision.stage) else { return true }
    let stage = facts.stages[decision.stage]
    return stage.requiresSignature || (demandsSignatures && stage.side == .customer)
  }

  private func signatureProblem(
    _ decision: EvidenceFacts.Decided, _ facts: EvidenceFacts
  ) -> String? {
    guard let signature = decision.signature else { return "the decision is not signed" }
    guard let key = facts.keys[signature.key] else {
      return "the key \(signature.key) is not in the evidence"
    }
    if let trustedKeys, !trustedKeys.contains(key.publicKey.id) {
      return "the key \(key.publicKey.id) is not a trusted one"
    }
    guard key.approver == decision.approver else { return "the key is another person's" }
    let terms = decision.verdict == .approve ? decision.terms ?? facts.terms(before: decision) : nil
    let statement = try? Statement.decision(
      decision.verdict, stage: decision.stage, on: facts.request, of: facts.tenant,
      digest: facts.digest, by: decision.approver, onBehalfOf: decision.onBehalfOf,
      comment: decision.comment, terms: terms, at: signature.signTime)
    guard statement == signature.statement else {
      return "the statement that was signed is about another decision"
    }
    guard key.publicKey.isSigned(signature, relyingParty: relyingParty) else {
      return "the signature is not the key's over the statement"
    }
    return nil
  }

  private func receiptProblem(
    _ message: CommonV1.Receipt?, _ grant: CommonV1.Grant
  ) -> String? {
    guard let message else { return "there is no receipt" }
    guard let receipt = Receipt(message) else { return "a hash of the proof is not 32 bytes long" }
    do {
      _ = try receipt.verify(entry: message.entry, origin: log.name, verifiers: [log])
    } catch {
      return "\(error)"
    }
    guard let event = try? EventV1.Event(serialized: message.entry),
      case .accessRequestApproved(let approved) = event.payload, approved.grant == grant
    else { return "the log's entry is not the approval of this grant" }
    return nil
  }
}
