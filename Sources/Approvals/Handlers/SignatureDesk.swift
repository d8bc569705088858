internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import SignedStatement

/// Finds out whether signatures over statements hold. The statements are made here, from what this
/// service knows: nobody signs one thing and has another decided.
struct SignatureDesk: Sendable {
  let desk: Desk
  let relyingParty: WebAuthnRelyingParty?

  /// What a signature holds for, looked at before the transaction: verifying takes longer than
  /// the rest of a decision, and the committer is one thread.
  struct SignedDecision: Sendable {
    let signature: StatementSignature
    let terms: Terms?

    /// Whether what was signed is still what is decided, and with a key that still counts.
    func requireStands(
      in transaction: any ApprovalsTransaction, for stored: StoredRequest, narrowing: Terms?,
      verdict: Verdict
    ) throws {
      try requireUsable(
        try transaction.key(signature.key, of: stored.record.request.tenant),
        at: transaction.time.now, by: nil)
      guard verdict == .deny || (narrowing ?? stored.record.terms) == terms else {
        throw RPCError.signatureInvalid
      }
    }
  }

  /// - Throws: `SIGNATURE_INVALID`, `SIGN_TIME_OFF`, `KEY_NOT_USABLE`.
  func verify(
    _ signature: CommonV1.StatementSignature, on stored: StoredRequest, _ verdict: Verdict,
    stage: Int, by approver: Subject, onBehalfOf holder: String?, comment: String,
    narrowing: Terms?
  ) async throws -> SignedDecision {
    let request = stored.record.request
    let (key, signTime) = try await usableKey(of: signature, by: approver, in: request.tenant)
    let terms = verdict == .approve ? narrowing ?? stored.record.terms : nil
    let statement = try Statement.decision(
      verdict, stage: stage, on: request.id, of: request.tenant, digest: request.digest,
      by: approver, onBehalfOf: holder, comment: comment, terms: terms, at: signTime)
    return SignedDecision(
      signature: try check(signature, key, signTime, statement), terms: terms)
  }

  /// The key that somebody registers, if the signature shows that they hold it.
  /// - Throws: `SIGNATURE_INVALID`, `SIGN_TIME_OFF`.
  func verify(
    _ signature: CommonV1.StatementSignature, of key: ApproverPublicKey, by approver: Subject,
    in tenant: TenantID
  ) throws {
    let signTime = try signTime(of: signature)
    let statement = try Statement.key(key.id, of: approver, in: tenant, at: signTime)
    _ = try check(signature, key, signTime, statement)
  }

  private func usableKey(
    of signature: CommonV1.StatementSignature, by approver: Subject, in tenant: TenantID
  ) async throws -> (ApproverPublicKey, Timestamp) {
    let signTime = try signTime(of: signature)
    guard let id = ApproverKeyID(signature.keyID) else { throw RPCError.keyNotUsable }
    let stored = try await desk.store.read { try $0.key(id, of: tenant) }
    try requireUsable(stored, at: desk.now, by: approver)
    guard let key = stored.flatMap({ ApproverPublicKey(der: $0.publicKey) }) else {
      throw RPCError.keyNotUsable
    }
    return (key, signTime)
  }

  private func signTime(of signature: CommonV1.StatementSignature) throws(RPCError) -> Timestamp {
    let now = desk.now
    let tolerance = Limits.signTimeTolerance
    guard let time = Timestamp(signature.signTime), time >= now - tolerance,
      time <= now + tolerance
    else { throw .signTimeOff }
    return time
  }

  private func check(
    _ message: CommonV1.StatementSignature, _ key: ApproverPublicKey, _ signTime: Timestamp,
    _ statement: [UInt8]
  ) throws(RPCError) -> StatementSignature {
    let signature = StatementSignature(
      key: key.id, signTime: signTime, signature: message.signature,
      authenticatorData: message.authenticatorData, clientDataJSON: message.clientDataJson,
      statement: statement)
    guard key.isSigned(signature, relyingParty: relyingParty) else { throw .signatureInvalid }
    return signature
  }
}

/// - Parameter approver: whose key it must be; nil: that is known.
private func requireUsable(
  _ key: ApproverKey?, at now: Timestamp, by approver: Subject?
) throws(RPCError) {
  guard let key, key.isUsable(at: now), approver == nil || key.approver == approver else {
    throw .keyNotUsable
  }
}

extension RPCError {
  fileprivate static var signatureInvalid: RPCError {
    .reasoned(
      .failedPrecondition, "the signature is not over what would be decided",
      reason: "SIGNATURE_INVALID")
  }
  fileprivate static var signTimeOff: RPCError {
    .reasoned(
      .failedPrecondition, "the statement was signed too long ago, or a clock is wrong",
      reason: "SIGN_TIME_OFF")
  }
  fileprivate static var keyNotUsable: RPCError {
    .reasoned(
      .failedPrecondition, "the key is not the caller's, not yet usable, or revoked",
      reason: "KEY_NOT_USABLE")
  }
}
