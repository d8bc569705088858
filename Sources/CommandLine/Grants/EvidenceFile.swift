internal import Domain
internal import FoundationEssentials
internal import LockboxProto
internal import StandardProto

/// A grant's evidence as JSON, read back: the members that `GrantEvidence` has, strictly.
struct EvidenceFile: Decodable {
  let accessRequest: Data
  let stages: [StageJSON]
  let decisions: [DecisionJSON]
  let keys: [KeyJSON]?
  let grant: GrantJSON
  let receipt: ReceiptJSON
  let longestAccess: String
  let extendedGrantEnd: String?

  struct SubjectJSON: Decodable {
    let issuer: String
    let id: String
    let displayName: String?
  }

  struct StageJSON: Decodable {
    let name: String
    let side: String
    let quorum: UInt32?
    let requiresSignature: Bool?
  }

  struct ScopeJSON: Decodable {
    let resources: [String]
    let actions: [String]
  }

  struct TermsJSON: Decodable {
    let scope: ScopeJSON
    let duration: String
    let startTime: String?
  }

  struct SignatureJSON: Decodable {
    let keyId: Data
    let signTime: String
    let signature: Data
    let authenticatorData: Data?
    let clientDataJson: Data?
    let statement: Data
  }

  struct DecisionJSON: Decodable {
    let stage: UInt32?
    let verdict: String
    let approver: SubjectJSON
    let comment: String?
    let requestDigest: Data
    let terms: TermsJSON?
    let signature: SignatureJSON?
  }

  struct KeyJSON: Decodable {
    let approver: SubjectJSON
    let publicKey: Data
  }

  struct GrantJSON: Decodable {
    let grantId: String
    let requestId: String
    let tenantId: String
    let engineer: SubjectJSON
    let scope: ScopeJSON
    let startTime: String
    let endTime: String
    let requestDigest: Data
    let policyVersion: String?
    let breakGlass: Bool?
    let extendsGrantId: String?
  }

  struct ReceiptJSON: Decodable {
    let origin: String
    let index: String?
    let entry: Data
    let inclusionProof: [Data]?
    let checkpoint: String
  }

  static func read(_ bytes: [UInt8]) throws(Failure) -> ApprovalsV1.GrantEvidence {
    do {
      return try JSONDecoder().decode(EvidenceFile.self, from: Data(bytes)).message()
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(
        .data, "This is no evidence of a grant, as `lockboxctl grant evidence` writes it.")
    }
  }
}
