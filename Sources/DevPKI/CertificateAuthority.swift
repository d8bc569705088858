/// A certificate authority for development and tests: its key lies in a file or in memory, it keeps
/// no register, and whoever has it can be anybody. Not for production.
public final class CertificateAuthority: Sendable {
  let certificate: Certificate
  let key: Key
  /// Between this authority and the root, nearest first; empty for a root.
  private let intermediates: [Certificate]

  /// A new root with a key of its own.
  public init(name: String, validity: Validity, key kind: KeyKind = .p256) throws(PKIError) {
    key = try Key(kind)
    certificate = try Builder(Self.request(name, validity, kind), key: key, issuer: nil).build()
    intermediates = []
  }

  /// An authority made earlier; or, for tests, any certificate that signs though it must not.
  public init(pem: Credential, isRoot: Bool = true) throws(PKIError) {
    let chain = try Certificate.all(pem: pem.chainPEM)
    certificate = chain[0]
    key = try Key(pem: pem.keyPEM)
    intermediates = isRoot ? [] : chain
  }

  private init(_ certificate: Certificate, _ key: Key, intermediates: [Certificate]) {
    self.certificate = certificate
    self.key = key
    self.intermediates = intermediates
  }

  /// Reads what `write` wrote.
  public convenience init(certificateFile: String, keyFile: String) throws(PKIError) {
    try self.init(
      pem: Credential(
        chainPEM: PrivateFile.read(certificateFile), keyPEM: PrivateFile.read(keyFile)))
  }

  /// Certificate and key of the authority itself.
  public func credential() throws(PKIError) -> Credential {
    Credential(chainPEM: try certificatePEM(), keyPEM: try key.pem())
  }

  /// What others trust.
  public func certificatePEM() throws(PKIError) -> String { try certificate.pem() }

  /// Writes certificate and key, the key with mode 0600.
  public func write(certificateFile: String, keyFile: String) throws(PKIError) {
    try credential().write(chain: certificateFile, key: keyFile)
  }

  /// A new key and a certificate for it, with the chain up to the root.
  public func issue(_ request: CertificateRequest) throws(PKIError) -> Credential {
    let key = try Key(request.key)
    let leaf = try Builder(request, key: key, issuer: (certificate, self.key)).build()
    return Credential(
      chainPEM: try Self.pem([leaf] + intermediates), keyPEM: try key.pem())
  }

  /// A certificate that nobody but its own key vouches for.
  public static func selfSigned(_ request: CertificateRequest) throws(PKIError) -> Credential {
    let key = try Key(request.key)
    let leaf = try Builder(request, key: key, issuer: nil).build()
    return Credential(chainPEM: try leaf.pem(), keyPEM: try key.pem())
  }

  /// An authority below this one.
  public func intermediate(
    name: String, validity: Validity, key kind: KeyKind = .p256
  ) throws(PKIError) -> CertificateAuthority {
    let key = try Key(kind)
    let made = try Builder(
      Self.request(name, validity, kind), key: key, issuer: (certificate, self.key)
    ).build()
    return CertificateAuthority(made, key, intermediates: [made] + intermediates)
  }

  private static func request(
    _ name: String, _ validity: Validity, _ kind: KeyKind
  ) -> CertificateRequest {
    var request = CertificateRequest(
      validity: validity, commonName: name, usages: [], key: kind)
    request.isAuthority = true
    request.maySign = false
    return request
  }

  private static func pem(_ chain: [Certificate]) throws(PKIError) -> String {
    var text = ""
    for certificate in chain { text += try certificate.pem() }
    return text
  }
}
