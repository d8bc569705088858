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
    var server = TLSConfiguration.server(
      identity: own, clientCertificates: .required, trustRootsFile: files.authorities,
      revocationListFile: files.revocations)
    server.ownName = spiffeID
    service = try Self.context(server)
    people = try Self.context(
      .server(
        identity: shown, clientCertificates: .optional, trustRootsFile: files.authorities,
        revocationListFile: files.revocations))
    var client = TLSConfiguration.client(
      trustRootsFile: files.authorities, identity: own, revocationListFile: files.revocations)
    client.ownName = spiffeID
    self.client = try Self.context(client)
  }

  private static func context(_ configuration: TLSConfiguration) throws(StartError) -> TLSContext {
    do {
      return try TLSContext(configuration)
    } catch {
      guard case .foreignIdentity(let named, let expected) = error.reason else {
        throw .configuration("\(error).")
      }
      throw .configuration(
        """
        `tls.certificate` is \(error.file ?? ""), which names \(named.first ?? "no SPIFFE id"), but \
        this service is \(expected): use its own certificate.
        """)
    }
  }

  /// Each context with its name in logs.
  var all: [(name: StaticString, context: TLSContext)] {
    [("people listener", people), ("service listener", service), ("client", client)]
  }
}
