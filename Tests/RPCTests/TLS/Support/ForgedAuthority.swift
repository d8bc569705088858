internal import COpenSSL

/// A leaf, its key, and what its owner sends along.
struct ForgedCredential: Sendable {
  var leaf: ForgedCertificate
  var key: ForgedKey
  var chain: [ForgedCertificate]

  func chainPEM() throws -> String { try ([leaf] + chain).map { try $0.pem() }.joined() }
}

/// Whoever signs certificates, entitled or not.
struct ForgedAuthority: Sendable {
  let certificate: ForgedCertificate
  let key: ForgedKey
  /// This authority and those above it, without the root.
  let chain: [ForgedCertificate]

  /// A root.
  init(_ name: String) throws {
    key = try ForgedKey(.p256)
    certificate = try ForgedCertificate(.authority(name), key: key, issuer: nil)
    chain = []
  }

  /// Somebody who signs with the key of a leaf.
  init(_ credential: ForgedCredential) {
    certificate = credential.leaf
    key = credential.key
    chain = [credential.leaf] + credential.chain
  }

  func issue(_ request: ForgedRequest) throws -> ForgedCredential {
    let key = try ForgedKey(request.key)
    let leaf = try ForgedCertificate(request, key: key, issuer: (certificate, self.key))
    return ForgedCredential(leaf: leaf, key: key, chain: chain)
  }

  /// An authority below this one.
  func intermediate(
    _ name: String = "intermediate", _ change: (inout ForgedRequest) -> Void = { _ in }
  ) throws -> ForgedAuthority {
    var request = ForgedRequest.authority(name)
    change(&request)
    return ForgedAuthority(try issue(request))
  }

  /// The last of so many intermediates.
  func chain(of count: Int) throws -> ForgedAuthority {
    try (0..<count).reduce(self) { last, index in try last.intermediate("intermediate \(index)") }
  }

  /// A revocation list in this authority's name, PEM.
  /// - Parameters:
  ///   - end: of its validity, seconds from now.
  ///   - signer: nil for the authority itself.
  func list(
    revoking revoked: [ForgedCertificate] = [], to end: Int64 = 80_000,
    signedBy signer: ForgedKey? = nil
  ) throws -> String {
    let list = try forged(X509_CRL_new())
    defer { X509_CRL_free(list) }
    try forge(X509_CRL_set_version(list, 1))
    try forge(X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate.pointer)))
    let time = try forged(X509_gmtime_adj(nil, Int(end)))
    defer { ASN1_TIME_free(time) }
    try forge(X509_CRL_set1_nextUpdate(list, time))
    _ = X509_gmtime_adj(time, -300)
    try forge(X509_CRL_set1_lastUpdate(list, time))
    for certificate in revoked {
      let entry = try forged(X509_REVOKED_new())
      X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.pointer))
      X509_REVOKED_set_revocationDate(entry, time)
      // Takes the entry over.
      try forge(X509_CRL_add0_revoked(list, entry))
    }
    X509_CRL_sort(list)
    try forge(X509_CRL_sign(list, (signer ?? key).pointer, EVP_sha256()))
    return try pemText { PEM_write_bio_X509_CRL($0, list) }
  }
}
