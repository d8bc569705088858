internal import COpenSSL
internal import FuzzSupport

@testable internal import TLS

/// Certificates as identities. The first byte says what the rest is: a whole certificate in DER, or
/// the value of the subject alternative names of an otherwise good one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  ERR_clear_error()
  let kind = input.byte() % 2
  let certificate = kind == 0 ? parsed(input.all()) : made(names: input.all())
  guard let certificate else { return 0 }
  defer { X509_free(certificate) }
  check(certificate)
  return 0
}

private func check(_ certificate: OpaquePointer) {
  guard let identity = PeerIdentity(leaf: certificate) else { return }
  let der = encoded(certificate)
  require(identity.leafSHA256 == sha256(der), "the fingerprint is not the certificate's")
  for name in identity.uriNames + identity.dnsNames {
    require(!name.isEmpty, "an empty name")
    require(name.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "the name '\(name)'")
    require(contains(der, Array(name.utf8)), "the name '\(name)' is not in the certificate")
  }
  if let id = identity.spiffeID {
    require(identity.uriNames == [id], "the SPIFFE ID is one of several URIs")
  }
  require(PeerIdentity(leaf: certificate) == identity, "the second look differs")
}

/// Owned by the caller.
private func parsed(_ der: [UInt8]) -> OpaquePointer? {
  der.withUnsafeBufferPointer { der in
    var cursor = der.baseAddress
    return d2i_X509(nil, &cursor, der.count)
  }
}

/// Owned by the caller.
private func made(names: [UInt8]) -> OpaquePointer? {
  guard let certificate = X509_new() else { return nil }
  let value = ASN1_OCTET_STRING_new()
  defer { ASN1_OCTET_STRING_free(value) }
  ASN1_OCTET_STRING_set(value, names, CInt(names.count))
  let entry = X509_EXTENSION_create_by_NID(nil, NID_subject_alt_name, 0, value)
  defer { X509_EXTENSION_free(entry) }
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0)
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600)
  X509_add_ext(certificate, entry, -1)
  return certificate
}

private func encoded(_ certificate: OpaquePointer) -> [UInt8] {
  let count = i2d_X509(certificate, nil)
  guard count > 0 else { return [] }
  return [UInt8](unsafeUninitializedCapacity: Int(count)) { bytes, written in
    var cursor = bytes.baseAddress
    written = Int(i2d_X509(certificate, &cursor))
  }
}

private func sha256(_ bytes: [UInt8]) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: 32)
  EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
  return digest
}

private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
  bytes.indices.contains { bytes[$0...].starts(with: part) }
}
