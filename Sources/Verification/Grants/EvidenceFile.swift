public import LockboxProto
internal import ProtobufC
internal import Words

/// A grant's evidence as JSON, read back strictly.
public enum EvidenceFile {
  /// Why a file is none.
  public struct Fault: Error, Hashable, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  /// Of a grant's evidence, in bytes: what the service may answer.
  public static let largest = 4 << 20

  public static func read(_ bytes: [UInt8]) throws(Fault) -> ApprovalsV1.GrantEvidence {
    let reading = ValueTree(json: bytes).map { ApprovalsV1.GrantEvidence.read($0, .json) }
    if let problem = reading?.problems.first, !problem.path.isEmpty {
      throw Fault(
        description:
          "The evidence holds what cannot stand there: \(Printable.line(problem.path)).")
    }
    guard let evidence = reading?.message, !evidence.accessRequest.isEmpty,
      evidence.grant != nil, evidence.receipt != nil
    else {
      throw Fault(
        description: "This is no evidence of a grant, as `lockboxctl grant evidence` writes it.")
    }
    return evidence
  }

  /// One line of canonical JSON, as `read` takes it.
  public static func write(_ evidence: ApprovalsV1.GrantEvidence) throws -> [UInt8] {
    Array((try ProtobufJSON.encode(evidence) + "\n").utf8)
  }
}
