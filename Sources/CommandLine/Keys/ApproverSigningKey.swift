internal import Domain
internal import DomainProto
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import SignedStatement
internal import StandardProto

/// The private key with which somebody signs their decisions.
struct ApproverSigningKey {
  private let key: SigningKey

  init(file: String) throws(Failure) {
    do throws(KeyFileError) {
      key = try SigningKey(contentsOf: file)
    } catch {
      throw .configuration("The signing key cannot be used: \(error).")
    }
  }

  var publicKey: ApproverPublicKey { ApproverPublicKey(key.publicKey) }

  func sign(
    at now: Timestamp, _ statement: () throws -> [UInt8]
  ) throws(Failure) -> CommonV1.StatementSignature {
    let bytes: [UInt8]
    do { bytes = try statement() } catch {
      throw Failure(.data, "What would be signed cannot be written: \(error).")
    }
    return CommonV1.StatementSignature(
      keyID: publicKey.id.bytes, signTime: .init(nanosecondsSinceEpoch: now.nanoseconds),
      signature: key.sign(bytes))
  }

  /// Signs a decision on what was shown.
  ///
  /// - Throws: when the digest is not that of the request that was shown: whoever shows one request
  ///   and has another signed is not to be trusted.
  func sign(
    _ verdict: Verdict, on shown: ApprovalsV1.AccessRequestRecord, by approver: Subject,
    onBehalfOf holder: String?, comment: String, terms: CommonV1.Terms?, at now: Timestamp
  ) throws(Failure) -> CommonV1.StatementSignature {
    guard let asked = shown.accessRequest, let bytes = try? asked.serialized(),
      SHA256.hash(bytes).bytes == shown.requestDigest, let digest = Digest(shown.requestDigest),
      let request = RequestID(asked.requestID), let tenant = TenantID(asked.tenantID)
    else {
      throw Failure(
        .refused,
        """
        The digest is not the one of the request that was shown: nothing was signed. Tell your \
        security team.
        """
      )
    }
    return try sign(at: now) {
      try Statement.decision(
        verdict, stage: Int(shown.openStage), on: request, of: tenant, digest: digest,
        by: approver, onBehalfOf: holder, comment: comment,
        terms: verdict == .approve ? Terms((terms ?? shown.terms) ?? .init()) : nil, at: now)
    }
  }
}

extension Terms {
  /// As the service tells of them; what it left out is empty.
  fileprivate init(_ message: CommonV1.Terms) {
    self.init(
      scope: Scope(
        resources: message.scope?.resources ?? [],
        actions: (message.scope?.actions ?? []).compactMap { Action(rawValue: $0.rawValue) }),
      duration: Duration(message.duration) ?? .zero, start: Timestamp(message.startTime))
  }
}
