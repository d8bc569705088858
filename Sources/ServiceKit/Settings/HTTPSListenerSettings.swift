/// Where a service answers HTTPS; it does not unless an address is written.
public struct HTTPSListenerSettings: Hashable, Sendable {
  public static let addressKey = Keys.address.key

  public let address: Address?
  /// The certificate that is shown, then its intermediates; that of the people listener by default.
  public let certificate: String
  public let key: String

  enum Keys {
    static let address = Setting<Address>.address("https_listener.address")
    static let certificate = Setting<String>.path("https_listener.certificate")
    static let key = Setting<String>.path("https_listener.key")
  }

  /// Every key; a service that answers HTTPS declares them with its own.
  public static var settings: [any AnySetting] { [Keys.address, Keys.certificate, Keys.key] }

  public init(_ values: ConfigurationValues, files: TransportFiles) throws(StartError) {
    address = try values.find(Keys.address)
    let certificate = try values.find(Keys.certificate)
    let key = try values.find(Keys.key)
    guard (certificate == nil) == (key == nil) else {
      throw .configuration(
        """
        `\(Keys.certificate.key)` and `\(Keys.key.key)` belong together: write both or neither.
        """)
    }
    self.certificate = certificate ?? files.peopleCertificate
    self.key = key ?? files.peopleKey
  }
}
