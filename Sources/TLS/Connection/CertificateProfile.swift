internal import COpenSSL

/// What RFC 5280 and today's practice demand of a certificate and libcrypto lets pass.
enum CertificateProfile {
  /// Of every certificate below the trust root.
  /// - Parameter certificate: borrowed.
  static func problem(of certificate: OpaquePointer) -> CertificateProblem? {
    // Without version 3 there is no saying what the key is for.
    guard X509_get_version(certificate) == 2 else { return .malformed("it is not of version 3") }
    // RFC 5280 §4.1.2.2: positive, and 20 octets at most.
    let serial = X509_get0_serialNumber(certificate)
    let octets = ASN1_STRING_length(serial)
    let isZero = (0..<Int(octets)).allSatisfy { ASN1_STRING_get0_data(serial)[$0] == 0 }
    guard !isZero, ASN1_STRING_type(serial) != V_ASN1_NEG_INTEGER else {
      return .malformed("its serial number is not positive")
    }
    guard octets <= 20 else { return .malformed("its serial number is too long") }
    return nil
  }

  /// Of a leaf, besides.
  /// - Parameters:
  ///   - leaf: borrowed.
  ///   - side: our end.
  static func problem(ofLeaf leaf: OpaquePointer, at side: TLSSide) -> CertificateProblem? {
    guard X509_check_ca(leaf) == 0 else { return .authorityAsLeaf }
    // Without the extension every use is allowed, all bits being set (RFC 5280 §4.2.1.3).
    let use = X509_get_key_usage(leaf)
    guard use == UInt32.max || use & UInt32(KU_KEY_CERT_SIGN | KU_CRL_SIGN) == 0 else {
      return .authorityAsLeaf
    }
    // libcrypto accepts a leaf that has no extended key usage at all for every purpose, and a
    // server's leaf that may only encrypt, which TLS 1.3 has no use for.
    let wanted = side == .server ? XKU_SSL_CLIENT : XKU_SSL_SERVER
    let purposes = X509_get_extended_key_usage(leaf)
    guard purposes != UInt32.max, purposes & UInt32(wanted) != 0,
      use & UInt32(KU_DIGITAL_SIGNATURE) != 0
    else { return .wrongPurpose }
    return nil
  }
}
