/// A key with which a tenant's approver signs decisions, and what became of it.
public struct ApproverKey: Hashable, Sendable {
  /// SHA-256 of the public key.
  public let id: ApproverKeyID
  public let tenant: TenantID
  public let approver: Subject
  /// SubjectPublicKeyInfo, DER.
  public let publicKey: [UInt8]
  /// For people to tell keys apart.
  public let label: String
  public let registerTime: Timestamp
  /// From then on its signatures count.
  public private(set) var usableTime: Timestamp
  /// The admin who let it count earlier.
  public private(set) var confirmedBy: Subject?
  public private(set) var revocation: Revocation?

  public struct Revocation: Hashable, Sendable {
    public let by: Subject
    public let time: Timestamp

    public init(by: Subject, time: Timestamp) {
      self.by = by
      self.time = time
    }
  }

  public init(
    id: ApproverKeyID, tenant: TenantID, approver: Subject, publicKey: [UInt8], label: String,
    registerTime: Timestamp, usableTime: Timestamp, confirmedBy: Subject? = nil,
    revocation: Revocation? = nil
  ) {
    self.id = id
    self.tenant = tenant
    self.approver = approver
    self.publicKey = publicKey
    self.label = label
    self.registerTime = registerTime
    self.usableTime = usableTime
    self.confirmedBy = confirmedBy
    self.revocation = revocation
  }

  /// Whether a signature that is made at `now` counts. A revoked key never counts again.
  public func isUsable(at now: Timestamp) -> Bool { revocation == nil && now >= usableTime }

  /// Another admin lets the key count from now on: whoever took over one account does not get a key
  /// of their own into use with it.
  /// - Returns: The key itself where it counts already.
  public func confirmed(by admin: Person, at now: Timestamp) throws(Refusal) -> ApproverKey {
    guard !admin.isSame(as: approver) else { throw .ownKey }
    guard revocation == nil else { throw .keyRevoked }
    guard now < usableTime else { return self }
    var key = self
    key.usableTime = now
    key.confirmedBy = admin.subject
    return key
  }

  /// Ends the key for ever; again it changes nothing.
  public func revoked(by person: Subject, at now: Timestamp) -> ApproverKey {
    guard revocation == nil else { return self }
    var key = self
    key.revocation = Revocation(by: person, time: now)
    return key
  }
}

/// SHA-256 of a public key (SubjectPublicKeyInfo, DER).
public typealias ApproverKeyID = Digest
