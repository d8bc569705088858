internal import Domain
internal import DomainProto
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC

/// What a grant's evidence says, read strictly.
struct EvidenceFacts {
  struct Decided {
    let position: Int
    let stage: Int
    let verdict: Verdict
    let approver: Subject
    let comment: String
    let digest: [UInt8]
    let terms: Terms?
    let signature: StatementSignature?
    /// Whose delegate the approver was; nil: they decided for themself.
    let onBehalfOf: String?
    let seat: String
  }

  struct Key {
    let publicKey: ApproverPublicKey
    let approver: Subject
  }

  let asked: CommonV1.AccessRequest
  let digest: Digest
  let request: RequestID
  let tenant: TenantID
  let engineer: Subject
  /// What was asked for, within the tenant's longest access.
  let askedTerms: Terms
  let stages: [CommonV1.Stage]
  let decisions: [Decided]
  let keys: [ApproverKeyID: Key]
  let grantMessage: CommonV1.Grant
  let grantScope: Scope
  let grantStart: Timestamp
  let grantEnd: Timestamp

  /// Nil where something is missing or malformed.
  init?(_ evidence: ApprovalsV1.GrantEvidence) {
    guard let asked = try? CommonV1.AccessRequest(serialized: evidence.accessRequest),
      let digest = Digest(SHA256.hash(evidence.accessRequest).bytes),
      let request = RequestID(asked.requestID), let tenant = TenantID(asked.tenantID),
      let engineer = asked.engineer, let scope = Scope(asked.scope),
      let duration = Duration(asked.duration),
      let longest = Duration(evidence.longestAccess), let grant = evidence.grant,
      let grantScope = Scope(grant.scope), let start = Timestamp(grant.startTime),
      let end = Timestamp(grant.endTime), !evidence.stages.isEmpty
    else { return nil }
    let decisions = evidence.decisions.enumerated().compactMap {
      Decided($0.element, at: $0.offset)
    }
    let keys = evidence.keys.compactMap { key in
      ApproverPublicKey(der: key.publicKey).map {
        Key(publicKey: $0, approver: Subject(key.approver ?? .init()))
      }
    }
    guard decisions.count == evidence.decisions.count, keys.count == evidence.keys.count else {
      return nil
    }
    self.asked = asked
    self.digest = digest
    self.request = request
    self.tenant = tenant
    self.engineer = Subject(engineer)
    askedTerms = Terms(
      scope: scope, duration: min(duration, longest),
      start: Timestamp(evidence.extendedGrantEnd))
    stages = evidence.stages
    self.decisions = decisions
    self.keys = Dictionary(keys.map { ($0.publicKey.id, $0) }) { first, _ in first }
    grantMessage = grant
    self.grantScope = grantScope
    grantStart = start
    grantEnd = end
  }

  var requestProblem: String? {
    guard grantMessage.requestDigest == digest.bytes,
      decisions.allSatisfy({ $0.digest == digest.bytes })
    else { return "the digest of the request's bytes is \(digest), and others are named" }
    guard grantMessage.requestID == request.description, grantMessage.tenantID == tenant.text,
      Subject(grantMessage.engineer ?? .init()) == engineer
    else { return "the grant is another request's, tenant's or engineer's" }
    guard grantMessage.breakGlass == asked.breakGlass,
      grantMessage.extendsGrantID == asked.extendsGrantID,
      asked.extendsGrantID.isEmpty == (askedTerms.start == nil)
    else { return "request and grant say otherwise of break-glass, or of what they continue" }
    return nil
  }

  func stageProblem(_ index: Int) -> String? {
    let here = decisions.filter { $0.stage == index }
    guard here.allSatisfy({ $0.verdict == .approve }) else { return "somebody denied" }
    let people = Set(here.map(\.approver))
    guard people.count == here.count else { return "somebody is counted twice" }
    guard Set(here.map { Array($0.seat.utf8) }).count == here.count else {
      return "somebody's seat is counted twice"
    }
    guard !people.contains(engineer) else { return "the engineer decided on the own request" }
    guard stages[index].quorum > 0, people.count >= Int(stages[index].quorum) else {
      return "\(people.count) of \(stages[index].quorum) approved"
    }
    return nil
  }

  private func allowsEarlierApprovers(at stage: Int) -> Bool {
    stages.indices.contains(stage) && stages[stage].earlierApproversAllowed
  }

  /// The terms that stood before a decision.
  func terms(before decision: Decided) -> Terms {
    decisions.prefix(decision.position).last { $0.terms != nil }?.terms ?? askedTerms
  }

  var termsProblem: String? {
    let isRepeated = decisions.enumerated().contains { index, decision in
      !allowsEarlierApprovers(at: decision.stage)
        && decisions.prefix(index).contains { $0.approver == decision.approver }
    }
    guard !isRepeated else { return "somebody decided at two stages" }
    guard let last = decisions.last else { return "nobody decided" }
    let final = last.terms ?? terms(before: last)
    guard grantScope == final.scope, grantEnd - grantStart == final.duration,
      final.start.map({ grantStart >= $0 }) ?? true
    else { return "the grant is not what the last approval left" }
    for decision in decisions {
      let agreed = decision.terms ?? terms(before: decision)
      guard grantScope.isWithin(agreed.scope), grantEnd - grantStart <= agreed.duration else {
        return "the grant goes beyond what \(decision.approver.id) approved"
      }
    }
    return nil
  }
}

extension EvidenceFacts.Decided {
  fileprivate init?(_ message: CommonV1.Decision, at position: Int) {
    guard let verdict = Verdict(rawValue: message.verdict.rawValue) else { return nil }
    var terms: Terms?
    if let message = message.terms {
      guard let read = Terms(message) else { return nil }
      terms = read
    }
    var signature: StatementSignature?
    if let message = message.signature {
      guard let read = StatementSignature(message) else { return nil }
      signature = read
    }
    self.init(
      position: position, stage: Int(message.stage), verdict: verdict,
      approver: Subject(message.approver ?? .init()), comment: message.comment,
      digest: message.requestDigest, terms: terms, signature: signature,
      onBehalfOf: message.onBehalfOf.isEmpty ? nil : message.onBehalfOf,
      seat: [message.onBehalfOf, message.seat].first { !$0.isEmpty } ?? message.approver?.id ?? "")
  }
}
