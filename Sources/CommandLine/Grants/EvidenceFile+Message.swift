internal import Domain
internal import FoundationEssentials
internal import LockboxProto
internal import ProtobufC
internal import StandardProto

extension EvidenceFile {
  func message() throws(Failure) -> ApprovalsV1.GrantEvidence {
    var extendedGrantEnd: GoogleProtobuf.Timestamp?
    if let end = self.extendedGrantEnd { extendedGrantEnd = try Self.time(end) }
    return ApprovalsV1.GrantEvidence(
      accessRequest: Array(accessRequest),
      stages: try Self.map(stages) { stage throws(Failure) in try stage.message() },
      decisions: try Self.map(decisions) { decision throws(Failure) in try decision.message() },
      keys: (keys ?? []).map {
        .init(approver: $0.approver.message, publicKey: Array($0.publicKey))
      },
      grant: try grant.message(), receipt: try receipt.message(),
      longestAccess: try Self.duration(longestAccess), extendedGrantEnd: extendedGrantEnd)
  }

  /// `map` with typed throws.
  private static func map<Element, Result>(
    _ elements: [Element], _ body: (Element) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    var results: [Result] = []
    for element in elements { results.append(try body(element)) }
    return results
  }

  fileprivate static func malformed(_ text: String) -> Failure {
    Failure(.data, "The evidence holds `\(Printable.line(text))` where it cannot stand.")
  }

  fileprivate static func time(
    _ text: String
  ) throws(Failure) -> GoogleProtobuf.Timestamp {
    guard let time = Timestamp(rfc3339: text) else { throw malformed(text) }
    return .init(nanosecondsSinceEpoch: time.nanoseconds)
  }

  /// `5400s`, with a fraction where there is one.
  fileprivate static func duration(
    _ text: String
  ) throws(Failure) -> GoogleProtobuf.Duration {
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard text.last == "s", (1...2).contains(parts.count), let seconds = Int64(parts[0]),
      let nanos = Int32((parts.count == 2 ? "\(parts[1])000000000" : "0").prefix(9))
    else { throw malformed(text) }
    return .init(seconds: seconds, nanos: nanos)
  }

  fileprivate static func number(_ text: String?) throws(Failure) -> UInt64 {
    guard let text else { return 0 }
    guard let number = UInt64(text) else { throw malformed(text) }
    return number
  }
}

extension EvidenceFile.SubjectJSON {
  var message: CommonV1.Subject {
    .init(issuer: issuer, id: id, displayName: displayName ?? "")
  }
}

extension EvidenceFile.ScopeJSON {
  fileprivate func message() throws(Failure) -> CommonV1.Scope {
    var actions: [CommonV1.Action] = []
    for name in self.actions {
      guard let action = CommonV1.Action(name: name) else { throw EvidenceFile.malformed(name) }
      actions.append(action)
    }
    return .init(resources: resources, actions: actions)
  }
}

extension EvidenceFile.TermsJSON {
  fileprivate func message() throws(Failure) -> CommonV1.Terms {
    var start: GoogleProtobuf.Timestamp?
    if let startTime { start = try EvidenceFile.time(startTime) }
    return .init(
      scope: try scope.message(), duration: try EvidenceFile.duration(duration), startTime: start)
  }
}

extension EvidenceFile.StageJSON {
  fileprivate func message() throws(Failure) -> CommonV1.Stage {
    guard let side = CommonV1.Side(name: side) else { throw EvidenceFile.malformed(side) }
    return .init(
      name: name, side: side, quorum: quorum ?? 0, requiresSignature: requiresSignature ?? false)
  }
}

extension EvidenceFile.SignatureJSON {
  fileprivate func message() throws(Failure) -> CommonV1.StatementSignature {
    .init(
      keyID: Array(keyId), signTime: try EvidenceFile.time(signTime), signature: Array(signature),
      authenticatorData: Array(authenticatorData ?? Data()),
      clientDataJson: Array(clientDataJson ?? Data()), statement: Array(statement))
  }
}

extension EvidenceFile.DecisionJSON {
  fileprivate func message() throws(Failure) -> CommonV1.Decision {
    guard let verdict = CommonV1.Verdict(name: verdict) else {
      throw EvidenceFile.malformed(verdict)
    }
    return .init(
      stage: stage ?? 0, verdict: verdict, approver: approver.message, comment: comment ?? "",
      requestDigest: Array(requestDigest), terms: try terms?.message(),
      signature: try signature?.message())
  }
}

extension EvidenceFile.GrantJSON {
  fileprivate func message() throws(Failure) -> CommonV1.Grant {
    .init(
      grantID: grantId, requestID: requestId, tenantID: tenantId, engineer: engineer.message,
      scope: try scope.message(), startTime: try EvidenceFile.time(startTime),
      endTime: try EvidenceFile.time(endTime), requestDigest: Array(requestDigest),
      policyVersion: try EvidenceFile.number(policyVersion), breakGlass: breakGlass ?? false,
      extendsGrantID: extendsGrantId ?? "")
  }
}

extension EvidenceFile.ReceiptJSON {
  fileprivate func message() throws(Failure) -> CommonV1.Receipt {
    .init(
      origin: origin, index: try EvidenceFile.number(index), entry: Array(entry),
      inclusionProof: (inclusionProof ?? []).map { Array($0) }, checkpoint: checkpoint)
  }
}
