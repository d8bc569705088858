public import Domain
public import LockboxProto

extension CommonV1.StatementSignature {
  public init(_ signature: StatementSignature) {
    self.init(
      keyID: signature.key.bytes, signTime: .init(signature.signTime),
      signature: signature.signature, authenticatorData: signature.authenticatorData,
      clientDataJson: signature.clientDataJSON, statement: signature.statement)
  }
}

extension StatementSignature {
  /// Reads a signature that was stored; nil for what cannot have been.
  public init?(_ message: CommonV1.StatementSignature) {
    guard let key = ApproverKeyID(message.keyID), let signTime = Timestamp(message.signTime) else {
      return nil
    }
    self.init(
      key: key, signTime: signTime, signature: message.signature,
      authenticatorData: message.authenticatorData, clientDataJSON: message.clientDataJson,
      statement: message.statement)
  }
}

extension CommonV1.ApproverKey {
  public init(_ key: ApproverKey, algorithm: CommonV1.SignatureAlgorithm) {
    self.init(
      keyID: key.id.bytes, tenantID: key.tenant.text, approver: .init(key.approver),
      algorithm: algorithm, publicKey: key.publicKey, label: key.label,
      registerTime: .init(key.registerTime), usableTime: .init(key.usableTime),
      confirmedBy: key.confirmedBy.map { .init($0) },
      revokeTime: key.revocation.map { .init($0.time) },
      revokedBy: key.revocation.map { .init($0.by) })
  }
}

extension ApproverKey {
  /// Reads a key that was stored; nil for what cannot have been.
  public init?(_ message: CommonV1.ApproverKey) {
    guard let id = ApproverKeyID(message.keyID), let tenant = TenantID(message.tenantID),
      let approver = message.approver, let registerTime = Timestamp(message.registerTime),
      let usableTime = Timestamp(message.usableTime)
    else { return nil }
    var revocation: Revocation?
    if let by = message.revokedBy {
      guard let time = Timestamp(message.revokeTime) else { return nil }
      revocation = Revocation(by: Subject(by), time: time)
    }
    self.init(
      id: id, tenant: tenant, approver: Subject(approver), publicKey: message.publicKey,
      label: message.label, registerTime: registerTime, usableTime: usableTime,
      confirmedBy: message.confirmedBy.map { Subject($0) }, revocation: revocation)
  }
}
