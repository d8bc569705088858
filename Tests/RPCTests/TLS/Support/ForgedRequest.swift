internal import COpenSSL

/// What a certificate is to say; everything may be wrong. As it begins, a correct leaf.
struct ForgedRequest: Sendable {
  enum Name: Sendable {
    case uri(String), dns(String), mail(String)
    case address([UInt8])

    /// GeneralName (RFC 5280 §4.2.1.6).
    var der: [UInt8] {
      switch self {
      case .mail(let text): DER.element(0x81, Array(text.utf8))
      case .dns(let text): DER.element(0x82, Array(text.utf8))
      case .uri(let text): DER.element(0x86, Array(text.utf8))
      case .address(let bytes): DER.element(0x87, bytes)
      }
    }
  }

  enum Serial: Sendable {
    case random
    case number(Int)
    case octets(Int)
  }

  enum Digest: Sendable {
    case sha256, sha1, md5
  }

  /// nil: no such extension.
  var names: [Name]?
  var commonName: String?
  /// In the language of openssl.cnf, like the next ones; nil: no such extension.
  var basicConstraints: String? = "critical,CA:FALSE"
  var keyUsage: String? = "critical,digitalSignature"
  var purposes: String?
  /// Further extensions, by name or number.
  var extensions: [(name: String, value: String)] = []
  /// Seconds from now.
  var from: Int64 = -300
  var to: Int64 = 80_000
  var serial = Serial.random
  /// From 1 on; below 3 without extensions.
  var version = 3
  var key = ForgedKey.Kind.p256
  var digest = Digest.sha256
  var isSignatureBroken = false

  static func authority(_ name: String) -> ForgedRequest {
    ForgedRequest(
      commonName: name, basicConstraints: "critical,CA:TRUE",
      keyUsage: "critical,keyCertSign,cRLSign,digitalSignature")
  }
}

/// A signed certificate.
///
/// `@unchecked Sendable`: nothing changes the X509 after `init`.
final class ForgedCertificate: @unchecked Sendable {
  /// Owned.
  let pointer: OpaquePointer

  /// - Parameter issuer: nil: signed with its own key.
  init(
    _ request: ForgedRequest, key: ForgedKey,
    issuer: (certificate: ForgedCertificate, key: ForgedKey)?
  ) throws {
    var made = try forged(X509_new())
    do {
      try Self.fill(made, request, key, issuer?.certificate.pointer ?? made)
      let signer = issuer?.key ?? key
      try forge(X509_sign(made, signer.pointer, Self.digest(request.digest, signer)))
      if request.isSignatureBroken { try Self.breakSignature(&made) }
    } catch {
      X509_free(made)
      throw error
    }
    pointer = made
  }

  deinit { X509_free(pointer) }

  func pem() throws -> String { try pemText { PEM_write_bio_X509($0, pointer) } }

  private static func digest(
    _ digest: ForgedRequest.Digest, _ signer: ForgedKey
  ) -> OpaquePointer? {
    // Ed25519 hashes on its own account.
    guard EVP_PKEY_get_base_id(signer.pointer) != EVP_PKEY_ED25519 else { return nil }
    return switch digest {
    case .sha256: EVP_sha256()
    case .sha1: EVP_sha1()
    case .md5: EVP_md5()
    }
  }

  private static func fill(
    _ made: OpaquePointer, _ request: ForgedRequest, _ key: ForgedKey, _ issuer: OpaquePointer
  ) throws {
    try forge(X509_set_version(made, request.version - 1))
    try setSerial(X509_get_serialNumber(made), request.serial)
    _ = try forged(X509_gmtime_adj(X509_getm_notBefore(made), Int(request.from)))
    _ = try forged(X509_gmtime_adj(X509_getm_notAfter(made), Int(request.to)))
    try forge(X509_set_pubkey(made, key.pointer))
    if let name = request.commonName {
      try forge(
        X509_NAME_add_entry_by_txt(
          X509_get_subject_name(made), "CN", MBSTRING_UTF8, Array(name.utf8),
          Int32(name.utf8.count), -1, 0))
    }
    try forge(X509_set_issuer_name(made, X509_get_subject_name(issuer)))
    guard request.version == 3 else { return }
    var extensions: [(String, String?)] = [
      ("basicConstraints", request.basicConstraints), ("keyUsage", request.keyUsage),
      ("extendedKeyUsage", request.purposes), ("subjectKeyIdentifier", "hash"),
    ]
    if issuer != made, X509_get0_subject_key_id(issuer) != nil {
      extensions.append(("authorityKeyIdentifier", "keyid"))
    }
    for (name, value) in extensions + request.extensions.map({ ($0.name, Optional($0.value)) }) {
      guard let value else { continue }
      var work = X509V3_CTX()
      X509V3_set_ctx(&work, issuer, made, nil, nil, 0)
      let item = try forged(X509V3_EXT_nconf(nil, &work, name, value))
      defer { X509_EXTENSION_free(item) }
      try forge(X509_add_ext(made, item, -1))
    }
    if let names = request.names { try addNames(made, DER.sequence(names.map(\.der))) }
  }

  private static func addNames(_ made: OpaquePointer, _ der: [UInt8]) throws {
    let value = try forged(ASN1_OCTET_STRING_new())
    defer { ASN1_OCTET_STRING_free(value) }
    try forge(ASN1_OCTET_STRING_set(value, der, Int32(der.count)))
    let item = try forged(X509_EXTENSION_create_by_NID(nil, NID_subject_alt_name, 0, value))
    defer { X509_EXTENSION_free(item) }
    try forge(X509_add_ext(made, item, -1))
  }

  private static func setSerial(
    _ number: UnsafeMutablePointer<ASN1_INTEGER>?, _ serial: ForgedRequest.Serial
  ) throws {
    switch serial {
    case .random: try forge(ASN1_INTEGER_set(number, Int.random(in: 1 ... .max)))
    case .number(let value): try forge(ASN1_INTEGER_set(number, value))
    case .octets(let count):
      let octets = [UInt8](repeating: 0x55, count: count)
      let value = try forged(BN_bin2bn(octets, Int32(count), nil))
      defer { BN_free(value) }
      _ = try forged(BN_to_ASN1_INTEGER(value, number))
    }
  }

  private static func breakSignature(_ made: inout OpaquePointer) throws {
    var start: UnsafeMutablePointer<UInt8>?
    let count = i2d_X509(made, &start)
    try forge(count)
    defer { CRYPTO_free(start, #file, #line) }
    // The last bytes belong to the signature's second number.
    start?[Int(count) - 3] ^= 0x55
    var next = UnsafePointer(start)
    let broken = try forged(d2i_X509(nil, &next, Int(count)))
    X509_free(made)
    made = broken
  }
}
