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
