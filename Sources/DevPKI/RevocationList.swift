internal import COpenSSL

extension CertificateAuthority {
  /// A revocation list (RFC 5280 §5), PEM.
  /// - Parameters:
  ///   - revoked: the leaf of each is listed.
  ///   - validity: from this update to the next.
  public func revocationList(
    revoking revoked: [Credential], validity: Validity
  ) throws(PKIError) -> String {
    let list = try some(X509_CRL_new(), "allocate memory")
    defer { X509_CRL_free(list) }
    try check(X509_CRL_set_version(list, 1) == 1, "set the version")
    try check(
      X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate.pointer)) == 1,
      "set the issuer's name")
    let time = try some(ASN1_TIME_new(), "allocate memory")
    defer { ASN1_TIME_free(time) }
    try setTime(time, validity.notAfter)
    try check(X509_CRL_set1_nextUpdate(list, time) == 1, "set a time")
    try setTime(time, validity.notBefore)
    try check(X509_CRL_set1_lastUpdate(list, time) == 1, "set a time")
    for credential in revoked {
      let leaf = try Certificate.all(pem: credential.chainPEM)[0]
      let entry = try some(X509_REVOKED_new(), "allocate memory")
      // Both are copied.
      X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(leaf.pointer))
      X509_REVOKED_set_revocationDate(entry, time)
      // Takes the entry over.
      try check(X509_CRL_add0_revoked(list, entry) == 1, "list a certificate")
    }
    try addNumber(to: list, Int(validity.notBefore))
    X509_CRL_sort(list)
    try check(X509_CRL_sign(list, key.pointer, key.digest) > 0, "sign the list")
    return try pemText { PEM_write_bio_X509_CRL($0, list) }
  }

  /// RFC 5280 §5.2.3: it must grow from list to list, as time does.
  private func addNumber(to list: OpaquePointer, _ value: Int) throws(PKIError) {
    let number = try some(ASN1_INTEGER_new(), "allocate memory")
    defer { ASN1_INTEGER_free(number) }
    ASN1_INTEGER_set(number, value)
    try check(X509_CRL_add1_ext_i2d(list, NID_crl_number, number, 0, 0) == 1, "number the list")
  }
}
