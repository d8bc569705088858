internal import TLS

/// The TLS contexts of a service, and their reloading.
struct ServiceTransport: Sendable {
  let people: TLSContext
  let service: TLSContext
  let client: TLSContext

  /// - Parameter spiffeID: Who the service's own certificate must say that it is.
  init(_ files: TransportFiles, spiffeID: String) throws(StartError) {
    let own = TLSConfiguration.Identity(chainFile: files.certificate, keyFile: files.key)
    let shown = TLSConfiguration.Identity(
      chainFile: files.peopleCertificate, keyFile: files.peopleKey)
    service = try Self.context(
      .server(
        identity: own, clientCertificates: .required, trustRootsFile: files.authorities,
        revocationListFile: files.revocations))
    people = try Self.context(
      .server(
        identity: shown, clientCertificates: .optional, trustRootsFile: files.authorities,
        revocationListFile: files.revocations))
    client = try Self.context(
      .client(
        trustRootsFile: files.authorities, identity: own, revocationListFile: files.revocations))
    let named = client.identity?.spiffeID
    guard named == spiffeID else {
      throw .configuration(
        """
        `tls.certificate` is \(files.certificate), which names \(named ?? "no SPIFFE id"), but \
        this service is \(spiffeID): use its own certificate.
        """)
    }
  }

  private static func context(_ configuration: TLSConfiguration) throws(StartError) -> TLSContext {
    do {
      return try TLSContext(configuration)
    } catch {
      throw .configuration("\(error).")
    }
  }

  /// Each context with its name in logs.
  var all: [(name: StaticString, context: TLSContext)] {
    [("people listener", people), ("service listener", service), ("client", client)]
  }
}
