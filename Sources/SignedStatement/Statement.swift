public import Domain
internal import DomainProto
internal import LockboxProto
public import ProtobufC
internal import StandardProto

/// The bytes that approvers sign: made from what is decided, by whoever signs and by whoever checks,
/// so that nothing that was signed has to be trusted to say what it is.
public enum Statement {
  public static let decisionType = "lockbox.decision.v1"
  public static let keyType = "lockbox.key.v1"

  /// What somebody signs to decide.
  ///
  /// - Parameters:
  ///   - onBehalfOf: whose seat the approver holds as their delegate, as the settings name them.
  ///   - terms: the whole terms that an approval agrees to; nil for a denial.
  /// - Throws: `EncodingError` for text with a NUL inside, or for a time beyond RFC 3339.
  public static func decision(
    _ verdict: Verdict, stage: Int, on request: RequestID, of tenant: TenantID, digest: Digest,
    by approver: Subject, onBehalfOf holder: String? = nil, comment: String, terms: Terms?,
    at signTime: Timestamp
  ) throws(EncodingError) -> [UInt8] {
    try bytes(
      CommonV1.DecisionStatement(
        type: decisionType, tenantID: tenant.text, requestID: request.description,
        requestDigest: digest.bytes, stage: UInt32(stage),
        verdict: .init(rawValue: verdict.rawValue), approver: signing(approver),
        comment: comment, terms: terms.map { .init($0) }, signTime: .init(signTime),
        onBehalfOf: holder ?? ""))
  }

  /// What somebody signs to register a key of their own.
  ///
  /// - Throws: as above.
  public static func key(
    _ id: ApproverKeyID, of approver: Subject, in tenant: TenantID, at signTime: Timestamp
  ) throws(EncodingError) -> [UInt8] {
    try bytes(
      CommonV1.KeyStatement(
        type: keyType, tenantID: tenant.text, approver: signing(approver), keyID: id.bytes,
        signTime: .init(signTime)))
  }

  private static func bytes(_ message: some Message) throws(EncodingError) -> [UInt8] {
    Array(try ProtobufJSON.encode(message).utf8)
  }

  /// A name for display may change, and proves nothing.
  private static func signing(_ subject: Subject) -> CommonV1.Subject {
    CommonV1.Subject(issuer: subject.issuer, id: subject.id)
  }
}
