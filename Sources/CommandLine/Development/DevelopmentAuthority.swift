internal import DevPKI
internal import Domain
internal import TLS

extension DevelopmentDirectory {
  private static let authorityDays: Int64 = 3_650
  private static let leafDays: Int64 = 397

  /// Programs that speak HTTPS on this machine and are no peers of the services. Browsers that trust
  /// the authority trust them as `localhost`.
  private static let websites = ["witness", "portal", "issuer", "mail"]

  /// The authority and a certificate for each service and website; what is there and good for
  /// another day stays.
  func makeCertificates(now: Timestamp, _ report: DevelopmentReport) throws(Failure) {
    do {
      let (authority, isNew) = try authority(now: now, report)
      let names =
        Server.allCases.map { ($0.rawValue, ["spiffe://\(Self.trustDomain)/lockbox/\($0)"]) }
        + Self.websites.map { ($0, []) }
      for (name, uriNames) in names {
        if !isNew && isGood(name, now: now) {
          report.kept(certificate(of: name))
          continue
        }
        let request = CertificateRequest(
          validity: Validity(from: now.seconds, days: Self.leafDays),
          commonName: "lockbox-\(name)", uriNames: uriNames, dnsNames: ["localhost"],
          addresses: ["127.0.0.1", "::1"])
        try authority.issue(request).write(chain: certificate(of: name), key: key(of: name))
        report.made(certificate(of: name))
      }
    } catch {
      throw Failure(.inputOutput, "The certificates cannot be made: \(error).")
    }
  }

  private func authority(
    now: Timestamp, _ report: DevelopmentReport
  ) throws(PKIError) -> (CertificateAuthority, isNew: Bool) {
    if Self.exists(authorityCertificate) && Self.exists(authorityKey) {
      report.kept(authorityCertificate)
      return (
        try CertificateAuthority(certificateFile: authorityCertificate, keyFile: authorityKey),
        false
      )
    }
    let authority = try CertificateAuthority(
      name: "Lockbox development", validity: Validity(from: now.seconds, days: Self.authorityDays))
    try authority.write(certificateFile: authorityCertificate, keyFile: authorityKey)
    report.made(authorityCertificate)
    return (authority, true)
  }

  private func isGood(_ name: String, now: Timestamp) -> Bool {
    let identity = TLSConfiguration.Identity(
      chainFile: certificate(of: name), keyFile: key(of: name))
    let context = try? TLSContext(
      .server(
        identity: identity, clientCertificates: .required, trustRootsFile: authorityCertificate),
      now: { now.seconds })
    return (context?.notAfter ?? 0) > now.seconds + 86_400
  }
}
