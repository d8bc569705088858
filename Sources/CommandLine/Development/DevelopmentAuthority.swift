internal import DevPKI
internal import Domain
internal import TLS

extension DevelopmentDirectory {
  private static let authorityDays: Int64 = 3_650
  private static let leafDays: Int64 = 397

  /// The authority and a certificate for each service; what is there and good for another day
  /// stays.
  func makeCertificates(now: Timestamp, _ report: DevelopmentReport) throws(Failure) {
    do {
      let (authority, isNew) = try authority(now: now, report)
      for server in Server.allCases {
        if !isNew && isGood(server, now: now) {
          report.kept(certificate(of: server))
          continue
        }
        let request = CertificateRequest(
          validity: Validity(from: now.seconds, days: Self.leafDays),
          commonName: "lockbox-\(server)",
          uriNames: ["spiffe://\(Self.trustDomain)/lockbox/\(server)"],
          dnsNames: ["localhost"], addresses: ["127.0.0.1", "::1"])
        try authority.issue(request).write(chain: certificate(of: server), key: key(of: server))
        report.made(certificate(of: server))
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

  private func isGood(_ server: Server, now: Timestamp) -> Bool {
    let identity = TLSConfiguration.Identity(
      chainFile: certificate(of: server), keyFile: key(of: server))
    let context = try? TLSContext(
      .server(
        identity: identity, clientCertificates: .required, trustRootsFile: authorityCertificate),
      now: { now.seconds })
    return (context?.notAfter ?? 0) > now.seconds + 86_400
  }
}
