internal import COpenSSL
internal import Glibc

/// Puts one certificate together.
struct Builder {
  private let request: CertificateRequest
  private let key: Key
  /// nil: signed with its own key.
  private let issuer: (certificate: Certificate, key: Key)?
  private let made: Certificate

  init(
    _ request: CertificateRequest, key: Key, issuer: (certificate: Certificate, key: Key)?
  ) throws(PKIError) {
    self.request = request
    self.key = key
    self.issuer = issuer
    made = Certificate(owning: try some(X509_new(), "allocate memory"))
  }

  func build() throws(PKIError) -> Certificate {
    let certificate = made.pointer
    try check(X509_set_version(certificate, 2) == 1, "set the version")
    try setSerial(X509_get_serialNumber(certificate))
    try setTime(X509_getm_notBefore(certificate), request.validity.notBefore)
    try setTime(X509_getm_notAfter(certificate), request.validity.notAfter)
    try check(X509_set_pubkey(certificate, key.pointer) == 1, "set the public key")
    let subject = X509_get_subject_name(certificate)
    if let name = request.commonName {
      try check(
        X509_NAME_add_entry_by_txt(
          subject, "CN", MBSTRING_UTF8, Array(name.utf8), Int32(name.utf8.count), -1, 0) == 1,
        "set the name \(name)")
    }
    let issuerName = issuer.map { X509_get_subject_name($0.certificate.pointer) } ?? subject
    try check(X509_set_issuer_name(certificate, issuerName) == 1, "set the issuer's name")
    try addExtensions()
    try addAlternativeNames()
    let signer = issuer?.key ?? key
    try check(X509_sign(certificate, signer.pointer, signer.digest) > 0, "sign the certificate")
    return made
  }

  private func addExtensions() throws(PKIError) {
    var keyUsage = ["critical"]
    if request.isAuthority { keyUsage += ["keyCertSign", "cRLSign"] }
    if request.maySign { keyUsage.append("digitalSignature") }
    if keyUsage.count == 1 { keyUsage.append("keyEncipherment") }
    try add(NID_basic_constraints, request.isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE")
    try add(NID_key_usage, keyUsage.joined(separator: ","))
    if !request.usages.isEmpty {
      try add(NID_ext_key_usage, request.usages.map(\.rawValue).joined(separator: ","))
    }
    try add(NID_subject_key_identifier, "hash")
    if issuer != nil { try add(NID_authority_key_identifier, "keyid:always") }
  }

  /// - Parameter value: in the language of openssl.cnf; never from outside.
  private func add(_ nid: Int32, _ value: String) throws(PKIError) {
    let issuer = issuer?.certificate ?? made
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer.pointer, made.pointer, nil, nil, 0)
    let made = try some(X509V3_EXT_conf_nid(nil, &context, nid, value), "add \(value)")
    defer { X509_EXTENSION_free(made) }
    try check(X509_add_ext(self.made.pointer, made, -1) == 1, "add \(value)")
  }

  private func addAlternativeNames() throws(PKIError) {
    var names: [(type: Int32, bytes: [UInt8])] = []
    names += request.uriNames.map { (GEN_URI, Array($0.utf8)) }
    names += request.dnsNames.map { (GEN_DNS, Array($0.utf8)) }
    for address in request.addresses {
      let octets = try some(a2i_IPADDRESS(address), "read the address \(address)")
      defer { ASN1_OCTET_STRING_free(octets) }
      let start = ASN1_STRING_get0_data(octets)
      let bytes = UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(octets)))
      names.append((GEN_IPADD, Array(bytes)))
    }
    guard !names.isEmpty else { return }
    // Owned, with all that is pushed.
    let list = try some(GENERAL_NAMES_new(), "allocate memory")
    defer { GENERAL_NAMES_free(list) }
    for name in names {
      let item = try some(GENERAL_NAME_new(), "allocate memory")
      let kind = name.type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING
      let text = ASN1_STRING_type_new(kind)
      ASN1_STRING_set(text, name.bytes, Int32(name.bytes.count))
      // Takes the string over; the list takes the item over.
      GENERAL_NAME_set0_value(item, name.type, text)
      OPENSSL_sk_push(list, item)
    }
    // RFC 5280 §4.2.1.6: critical when there is no subject.
    let critical: Int32 = request.commonName == nil ? 1 : 0
    try check(
      X509_add1_ext_i2d(
        made.pointer, NID_subject_alt_name, UnsafeMutableRawPointer(list), critical, 0) == 1,
      "add the alternative names")
  }
}

/// 127 random bits: unique without a register.
func setSerial(_ serial: UnsafeMutablePointer<ASN1_INTEGER>?) throws(PKIError) {
  var bytes = [UInt8](repeating: 0, count: 16)
  try check(RAND_bytes(&bytes, 16) == 1, "get random bytes")
  bytes[0] = bytes[0] & 0x7F | 0x40
  let number = try some(BN_bin2bn(bytes, 16, nil), "allocate memory")
  defer { BN_free(number) }
  try check(BN_to_ASN1_INTEGER(number, serial) != nil, "set the serial number")
}

func setTime(_ time: UnsafeMutablePointer<ASN1_TIME>?, _ seconds: Int64) throws(PKIError) {
  try check(ASN1_TIME_set(time, time_t(seconds)) != nil, "set a time")
}
