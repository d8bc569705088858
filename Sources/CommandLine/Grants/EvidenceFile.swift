internal import LockboxProto
internal import ProtobufC

/// A grant's evidence as JSON, read back strictly.
enum EvidenceFile {
  static func read(_ bytes: [UInt8]) throws(Failure) -> ApprovalsV1.GrantEvidence {
    let reading = ValueTree(json: bytes).map { ApprovalsV1.GrantEvidence.read($0, .json) }
    if let problem = reading?.problems.first, !problem.path.isEmpty {
      throw Failure(
        .data, "The evidence holds what cannot stand there: \(Printable.line(problem.path)).")
    }
    guard let evidence = reading?.message, !evidence.accessRequest.isEmpty,
      evidence.grant != nil, evidence.receipt != nil
    else {
      throw Failure(
        .data, "This is no evidence of a grant, as `lockboxctl grant evidence` writes it.")
    }
    return evidence
  }
}
