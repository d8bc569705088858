/// The files that a service proves itself and knows others with; PEM, reloaded when they change.
public struct TransportFiles: Hashable, Sendable {
  /// The service's certificate, then its intermediates. Its URI SAN is the SPIFFE id.
  public let certificate: String
  public let key: String
  /// Who signs services' certificates.
  public let authorities: String
  /// Revoked certificates.
  public let revocations: String?
  /// What people's programs see on the people listener; the service's own by default.
  public let peopleCertificate: String
  public let peopleKey: String

  enum Keys {
    static let certificate = Setting<String>.path("tls.certificate")
    static let key = Setting<String>.path("tls.key")
    static let authorities = Setting<String>.path("tls.authorities")
    static let revocations = Setting<String>.path("tls.revocations")
    static let peopleCertificate = Setting<String>.path("people_listener.certificate")
    static let peopleKey = Setting<String>.path("people_listener.key")

    static var all: [any AnySetting] {
      [certificate, key, authorities, revocations, peopleCertificate, peopleKey]
    }
  }

  init(_ values: ConfigurationValues) throws(StartError) {
    certificate = try values.get(Keys.certificate)
    key = try values.get(Keys.key)
    authorities = try values.get(Keys.authorities)
    revocations = try values.find(Keys.revocations)
    let peopleCertificate = try values.find(Keys.peopleCertificate)
    let peopleKey = try values.find(Keys.peopleKey)
    guard (peopleCertificate == nil) == (peopleKey == nil) else {
      throw .configuration(
        """
        `\(Keys.peopleCertificate.key)` and `\(Keys.peopleKey.key)` belong together: \
        write both or neither.
        """)
    }
    self.peopleCertificate = peopleCertificate ?? certificate
    self.peopleKey = peopleKey ?? key
  }
}
