internal import DevPKI
internal import TLS
internal import Testing

/// A certificate that the other end must refuse, and how.
struct BadCertificate: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let problem: CertificateProblem
  /// The alert that its owner must receive.
  let alert: UInt8
  /// Seconds from now at which the certificate looks good to its owner.
  var clock: Int64 = 0
  /// What the other end knows of revocations.
  var revocationList: (@Sendable (PKI, Credential) throws -> String)?
  let credential: @Sendable (PKI, CertificateRequest) throws -> Credential

  init(
    _ name: String, _ problem: CertificateProblem, alert: UInt8,
    _ change: @escaping @Sendable (inout CertificateRequest) -> Void
  ) {
    self.init(name, problem, alert: alert) { pki, request in
      var request = request
      change(&request)
      return try pki.authority.issue(request)
    }
  }

  init(
    _ name: String, _ problem: CertificateProblem, alert: UInt8, clock: Int64 = 0,
    revocationList: (@Sendable (PKI, Credential) throws -> String)? = nil,
    made credential: @escaping @Sendable (PKI, CertificateRequest) throws -> Credential
  ) {
    testDescription = name
    self.problem = problem
    self.alert = alert
    self.clock = clock
    self.revocationList = revocationList
    self.credential = credential
  }

  /// Bad for either end.
  static let forBoth: [BadCertificate] = [
    BadCertificate("expired", .expired, alert: 45, clock: -200) { pki, request in
      try pki.authority.issue(request, from: pki.now - 290, to: pki.now - 100)
    },
    BadCertificate("not valid yet", .notYetValid, alert: 42, clock: 2000) { pki, request in
      try pki.authority.issue(request, from: pki.now + 1000, to: pki.now + 5000)
    },
    BadCertificate("of another authority", .unknownAuthority, alert: 48) { pki, request in
      try CertificateAuthority(name: "other", validity: pki.validity).issue(request)
    },
    BadCertificate(
      "of an authority that only has the same name", .unknownAuthority, alert: 48
    ) {
      pki, request in
      try CertificateAuthority(name: "test root", validity: pki.validity).issue(request)
    },
    BadCertificate("self-signed", .selfSigned, alert: 48) { _, request in
      try CertificateAuthority.selfSigned(request)
    },
    BadCertificate("without any key usage", .wrongPurpose, alert: 43) { $0.usages = [] },
    BadCertificate("for any purpose", .wrongPurpose, alert: 43) { $0.usages = [.any] },
    BadCertificate("whose key must not sign", .wrongPurpose, alert: 43) { $0.maySign = false },
    BadCertificate("of an authority, as a leaf", .authorityAsLeaf, alert: 43) {
      $0.isAuthority = true
    },
    BadCertificate("with a NUL in a URI", .malformedName, alert: 42) {
      $0.uriNames.append("spiffe://a/b\0.example")
    },
    BadCertificate("with a NUL in a host name", .malformedName, alert: 42) {
      $0.dnsNames.append("localhost\0.example")
    },
    BadCertificate("issued by a leaf", .issuerNotAuthority, alert: 48) { pki, request in
      let leaf = try pki.authority.issue(request)
      return try CertificateAuthority(pem: leaf, isRoot: false).issue(request)
    },
    BadCertificate("without its intermediate", .unknownAuthority, alert: 48) { pki, request in
      let whole = try pki.between.issue(request)
      let end = "-----END CERTIFICATE-----\n"
      let leaf = try #require(whole.chainPEM.split(separator: end).first)
      return Credential(chainPEM: leaf + end, keyPEM: whole.keyPEM)
    },
    BadCertificate("at the end of too long a chain", .chainTooLong, alert: 48) { pki, request in
      try pki.chain(of: 4).issue(request)
    },
  ]
}

extension CertificateAuthority {
  func issue(
    _ request: CertificateRequest, from start: Int64, to end: Int64
  ) throws -> Credential {
    var request = request
    request.validity = Validity(notBefore: start, notAfter: end)
    return try issue(request)
  }
}

extension PKI {
  /// The last of so many intermediate authorities below the root.
  func chain(of length: Int) throws -> CertificateAuthority {
    var last = authority
    for index in 0..<length {
      last = try last.intermediate(name: "intermediate \(index)", validity: validity)
    }
    return last
  }
}
