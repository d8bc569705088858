/// A signature over a statement, by a registered key. The domain keeps it; whether it holds was
/// found before it came here.
public struct StatementSignature: Hashable, Sendable {
  public let key: ApproverKeyID
  /// As in the statement.
  public let signTime: Timestamp
  public let signature: [UInt8]
  /// WebAuthn's; empty for Ed25519.
  public let authenticatorData: [UInt8]
  public let clientDataJSON: [UInt8]
  /// The statement's bytes, as they were signed.
  public let statement: [UInt8]

  public init(
    key: ApproverKeyID, signTime: Timestamp, signature: [UInt8], authenticatorData: [UInt8] = [],
    clientDataJSON: [UInt8] = [], statement: [UInt8]
  ) {
    self.key = key
    self.signTime = signTime
    self.signature = signature
    self.authenticatorData = authenticatorData
    self.clientDataJSON = clientDataJSON
    self.statement = statement
  }
}
