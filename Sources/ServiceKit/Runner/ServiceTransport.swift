internal import TLS

/// The TLS contexts of a service, and their reloading.
struct ServiceTransport: Sendable {
  let people: TLSContext
  let service: TLSContext
  let client: TLSContext

  init(_ files: TransportFiles) throws(StartError) {
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
  }

  private static func context(_ configuration: TLSConfiguration) throws(StartError) -> TLSContext {
    do {
      return try TLSContext(configuration)
    } catch {
      throw .configuration("\(error)")
    }
  }

  /// Each context with its name in logs.
  var all: [(name: StaticString, context: TLSContext)] {
    [("people listener", people), ("service listener", service), ("client", client)]
  }
}
