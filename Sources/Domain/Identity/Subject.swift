/// A person or service as its issuer vouches for it.
///
/// Equality is the bytes of issuer and id alone: the display name may change, two people may share
/// one, and Unicode's equivalences (é and e + ´) must not make two subjects one.
public struct Subject: Hashable, Sendable {
  /// The issuer's URL (`iss`), or the trust domain for a service.
  public let issuer: String
  /// The issuer's stable id (`sub`), or the service's SPIFFE id.
  public let id: String
  /// For display only.
  public let displayName: String

  public init(issuer: String, id: String, displayName: String = "") {
    self.issuer = issuer
    self.id = id
    self.displayName = displayName
  }

  public static func == (left: Subject, right: Subject) -> Bool {
    left.id.utf8.elementsEqual(right.id.utf8)
      && left.issuer.utf8.elementsEqual(right.issuer.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(issuer)
  }
}
