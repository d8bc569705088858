public import Domain
public import LockboxProto

extension Affiliation {
  /// As events and requests name it: empty for the provider.
  public var tenantID: String {
    switch self {
    case .provider: ""
    case .tenant(let tenant): tenant.text
    }
  }

  /// Nil for what is no tenant's id.
  public init?(tenantID: String) {
    if tenantID.isEmpty {
      self = .provider
    } else if let tenant = TenantID(tenantID) {
      self = .tenant(tenant)
    } else {
      return nil
    }
  }

  /// The tenant in whose log an event of it belongs; nil: the provider's own.
  public var tenant: TenantID? {
    switch self {
    case .provider: nil
    case .tenant(let tenant): tenant
    }
  }
}

extension CommonV1.LinkedPerson {
  public init(_ person: LinkedPerson) {
    self.init(
      personID: person.id.description, tenantID: person.affiliation.tenantID,
      subjects: person.subjects.map { .init($0) }, linkedBy: .init(person.linkedBy),
      linkTime: .init(person.linkTime))
  }
}

extension LinkedPerson {
  /// Reads a person that was stored; nil for what cannot have been.
  public init?(_ message: CommonV1.LinkedPerson) {
    guard let id = LinkedPersonID(message.personID),
      let affiliation = Affiliation(tenantID: message.tenantID),
      let linkTime = Timestamp(message.linkTime), let linkedBy = message.linkedBy,
      message.subjects.count >= 2
    else { return nil }
    self.init(
      id: id, affiliation: affiliation, subjects: message.subjects.map { Subject($0) },
      linkedBy: Subject(linkedBy), linkTime: linkTime)
  }
}
