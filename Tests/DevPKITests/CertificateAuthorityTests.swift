internal import COpenSSL
internal import Glibc
internal import TemporaryFiles
internal import Testing

@testable internal import DevPKI

@Suite("The certificate authority")
struct CertificateAuthorityTests {
  let validity = Validity(from: 1_800_000_000, days: 30)

  @Test(
    "what it issues is signed by it", arguments: [KeyKind.p256, .ed25519, .rsa(bits: 2048)])
  func signs(_ kind: KeyKind) throws {
    let authority = try CertificateAuthority(name: "root", validity: validity, key: kind)
    let leaf = try leaf(
      authority.issue(CertificateRequest(validity: validity, dnsNames: ["a.example"], key: kind)))
    #expect(X509_verify(leaf.pointer, authority.key.pointer) == 1)
    #expect(X509_check_ca(leaf.pointer) == 0)
    #expect(X509_check_ca(authority.certificate.pointer) == 1)
  }

  @Test("its certificates say what was asked for")
  func content() throws {
    let authority = try CertificateAuthority(name: "root", validity: validity)
    let made = try leaf(
      authority.issue(
        CertificateRequest(
          validity: validity, uriNames: ["spiffe://a/b"], dnsNames: ["a.example"],
          addresses: ["127.0.0.1", "::1"], usages: [.client])))
    defer { withExtendedLifetime(made) {} }
    let leaf = made.pointer
    #expect(X509_check_host(leaf, "a.example", 9, 0, nil) == 1)
    #expect(X509_check_host(leaf, "b.example", 9, 0, nil) == 0)
    #expect(X509_check_ip_asc(leaf, "127.0.0.1", 0) == 1)
    #expect(X509_check_ip_asc(leaf, "::1", 0) == 1)
    #expect(X509_get_extended_key_usage(leaf) == UInt32(XKU_SSL_CLIENT))
    var end = tm()
    #expect(ASN1_TIME_to_tm(X509_get0_notAfter(leaf), &end) == 1)
    #expect(Int64(timegm(&end)) == validity.notAfter)
  }

  @Test("no two certificates share a serial number")
  func serials() throws {
    let authority = try CertificateAuthority(name: "root", validity: validity)
    let request = CertificateRequest(validity: validity)
    let first = try leaf(authority.issue(request))
    let second = try leaf(authority.issue(request))
    #expect(
      ASN1_INTEGER_cmp(
        X509_get_serialNumber(first.pointer), X509_get_serialNumber(second.pointer)) != 0)
  }

  @Test("it can be written, with a key that only its owner can read, and used again")
  func files() throws {
    let directory = TemporaryDirectory()
    let (certificate, key) = (directory.file("ca.pem"), directory.file("ca.key"))
    defer { withExtendedLifetime(directory) {} }
    // A file left readable by an earlier version does not stay so.
    try PrivateFile.write("old", to: key, mode: 0o644)
    let authority = try CertificateAuthority(name: "root", validity: validity)
    try authority.write(certificateFile: certificate, keyFile: key)
    var status = stat()
    try #require(stat(key, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let again = try CertificateAuthority(certificateFile: certificate, keyFile: key)
    let leaf = try leaf(again.issue(CertificateRequest(validity: validity)))
    #expect(X509_verify(leaf.pointer, authority.key.pointer) == 1)
  }

  @Test("a revocation list names the revoked and nobody else")
  func revocation() throws {
    let authority = try CertificateAuthority(name: "root", validity: validity)
    let request = CertificateRequest(validity: validity)
    let (revoked, other) = (try authority.issue(request), try authority.issue(request))
    let text = try authority.revocationList(revoking: [revoked], validity: validity)
    let list = try withBIO(of: text) { PEM_read_bio_X509_CRL($0, nil, nil, nil) }
    defer { X509_CRL_free(list) }
    #expect(X509_CRL_verify(list, authority.key.pointer) == 1)
    let leaves = (try leaf(revoked), try leaf(other))
    defer { withExtendedLifetime(leaves) {} }
    var entry: OpaquePointer?
    #expect(X509_CRL_get0_by_cert(list, &entry, leaves.0.pointer) == 1)
    #expect(X509_CRL_get0_by_cert(list, &entry, leaves.1.pointer) == 0)
  }

  @Test("what is not a key or a certificate is refused with a reason")
  func garbage() {
    #expect(throws: PKIError.self) {
      try CertificateAuthority(pem: Credential(chainPEM: "nothing", keyPEM: "nothing"))
    }
    #expect(throws: PKIError.self) { try PrivateFile.read("/nonexistent/ca.pem") }
  }

  private func leaf(_ credential: Credential) throws -> Certificate {
    try Certificate.all(pem: credential.chainPEM)[0]
  }
}
