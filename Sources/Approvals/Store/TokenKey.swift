public import Domain

/// A key that signs access tokens, or did.
public struct TokenKey: Hashable, Sendable {
  /// `kid`.
  public let id: String
  /// Ed25519, 32 bytes.
  public let publicKey: [UInt8]
  public let activateTime: Timestamp
  /// When another took its place.
  public var retireTime: Timestamp?

  public init(id: String, publicKey: [UInt8], activateTime: Timestamp, retireTime: Timestamp? = nil)
  {
    self.id = id
    self.publicKey = publicKey
    self.activateTime = activateTime
    self.retireTime = retireTime
  }
}
