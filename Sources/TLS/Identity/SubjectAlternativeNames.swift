internal import COpenSSL

/// The URI and DNS names of a certificate (RFC 5280 §4.2.1.6).
struct SubjectAlternativeNames {
  private(set) var uris: [String] = []
  private(set) var dns: [String] = []

  /// - Parameter certificate: borrowed.
  /// - Returns: nil when the extension is damaged or doubled, or a name is not printable ASCII.
  init?(_ certificate: OpaquePointer) {
    var critical: Int32 = 0
    let extensionValue = X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nil)
    guard let extensionValue else {
      // -1: no such extension; anything else: damaged (≥ 0) or present twice (-2).
      guard critical == -1 else { return nil }
      return
    }
    // Owned by us: GENERAL_NAMES.
    let names = OpaquePointer(extensionValue)
    defer { GENERAL_NAMES_free(names) }
    for index in 0..<OPENSSL_sk_num(names) {
      guard let item = OPENSSL_sk_value(names, index) else { return nil }
      let name = item.assumingMemoryBound(to: GENERAL_NAME.self).pointee
      switch name.type {
      case GEN_URI:
        guard let uri = Self.text(name.d.uniformResourceIdentifier) else { return nil }
        uris.append(uri)
      case GEN_DNS:
        guard let host = Self.text(name.d.dNSName) else { return nil }
        dns.append(host)
      default: continue
      }
    }
  }

  /// IA5String to text; nil for anything outside `!`…`~`, an embedded NUL above all.
  private static func text(_ string: UnsafePointer<ASN1_STRING>?) -> String? {
    guard let string, let start = ASN1_STRING_get0_data(string) else { return nil }
    let bytes = UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string)))
    guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
