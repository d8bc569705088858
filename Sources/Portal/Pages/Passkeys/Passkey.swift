internal import Domain
internal import DomainProto
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import SignedStatement
internal import StandardProto
internal import Web

/// A decision or a key on its way to be signed in the browser.
///
/// The page shows the statement, and its script has the passkey sign the SHA-256 of what is shown.
/// The service makes the statement again from what is decided, so that a page that shows one thing
/// and has another signed gets nothing decided.
enum Passkey {
  /// What a decision's statement says at the moment of its signing; nil for a record that cannot be
  /// decided on.
  static func statement(
    _ deciding: Deciding, on record: ApprovalsV1.AccessRequestRecord, by approver: Subject,
    at now: Timestamp
  ) -> [UInt8]? {
    guard record.showsWhatWasAsked, let asked = record.accessRequest,
      let request = RequestID(asked.requestID), let tenant = TenantID(asked.tenantID),
      let verdict = Verdict(rawValue: deciding.verdict.rawValue)
    else { return nil }
    let terms = verdict == .approve ? deciding.terms ?? record.standingTerms : nil
    return try? Statement.decision(
      verdict, stage: Int(deciding.shown.stage), on: request, of: tenant,
      digest: deciding.shown.digest, by: approver,
      onBehalfOf: deciding.onBehalfOf.ifAny, comment: deciding.comment,
      terms: terms.flatMap { Terms($0) }, at: now)
  }

  /// The signature over a statement, with the approver's key that made it; nil where none of theirs
  /// did. A browser does not say which public key signed, so each that could have is tried.
  static func signature(
    _ assertion: PasskeyAssertion, over statement: [UInt8], of approver: Subject,
    keys: [CommonV1.ApproverKey], relyingParty: WebAuthnRelyingParty
  ) -> CommonV1.StatementSignature? {
    for key in keys
    where key.algorithm == .webauthnEs256 && key.revokeTime == nil
      && key.approver?.issuer == approver.issuer && key.approver?.id == approver.id
    {
      guard let publicKey = ApproverPublicKey(der: key.publicKey) else { continue }
      let signature = assertion.signature(of: publicKey.id, over: statement)
      if publicKey.isSigned(signature, relyingParty: relyingParty) { return .init(signature) }
    }
    return nil
  }
}

/// What a passkey made, as the script's form carries it.
struct PasskeyAssertion: Hashable, Sendable {
  let signTime: Timestamp
  let signature: [UInt8]
  let authenticatorData: [UInt8]
  let clientData: [UInt8]

  /// Nil where the form carries none, or one that no browser made.
  init?(_ form: WebForm) {
    guard let signTime = Timestamp(rfc3339: form.text("sign_time")),
      let signature = Base64URL.decode(form.text("signature").utf8),
      let authenticatorData = Base64URL.decode(form.text("authenticator_data").utf8),
      let clientData = Base64URL.decode(form.text("client_data").utf8), !signature.isEmpty
    else { return nil }
    self.signTime = signTime
    self.signature = signature
    self.authenticatorData = authenticatorData
    self.clientData = clientData
  }

  func signature(of key: ApproverKeyID, over statement: [UInt8]) -> StatementSignature {
    StatementSignature(
      key: key, signTime: signTime, signature: signature, authenticatorData: authenticatorData,
      clientDataJSON: clientData, statement: statement)
  }
}
