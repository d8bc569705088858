/// What a certificate is to say. The defaults make a correct leaf for both ends of a connection;
/// everything can be set wrongly on purpose.
public struct CertificateRequest: Sendable, Hashable {
  /// What the key may be used for (RFC 5280 §4.2.1.12).
  public enum Usage: String, Sendable, Hashable, CaseIterable {
    case server = "serverAuth"
    case client = "clientAuth"
    case any = "anyExtendedKeyUsage"
  }

  public var validity: Validity
  /// nil: an empty subject.
  public var commonName: String?
  /// Written as they are, a NUL too.
  public var uriNames: [String]
  /// Written as they are, a NUL too.
  public var dnsNames: [String]
  /// IPv4 or IPv6 literals.
  public var addresses: [String]
  /// Empty: no such extension.
  public var usages: [Usage]
  public var key: KeyKind
  /// Basic constraints CA:TRUE, and key usage keyCertSign and cRLSign.
  public var isAuthority = false
  /// Key usage digitalSignature, without which no key can prove itself in TLS 1.3.
  public var maySign = true

  public init(
    validity: Validity, commonName: String? = nil, uriNames: [String] = [],
    dnsNames: [String] = [], addresses: [String] = [], usages: [Usage] = [.server, .client],
    key: KeyKind = .p256
  ) {
    self.validity = validity
    self.commonName = commonName
    self.uriNames = uriNames
    self.dnsNames = dnsNames
    self.addresses = addresses
    self.usages = usages
    self.key = key
  }
}
