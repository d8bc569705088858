internal import COpenSSL

/// Who the peer is, read from the leaf certificate that the handshake verified.
/// Only subject alternative names count; the common name is never looked at.
public struct PeerIdentity: Sendable, Hashable {
  /// URI SANs in the certificate's order.
  public let uriNames: [String]
  /// DNS SANs in the certificate's order.
  public let dnsNames: [String]
  /// SHA-256 of the leaf's DER encoding, 32 bytes.
  public let leafSHA256: [UInt8]
  /// The last second in which the leaf is valid, since the epoch.
  public let notAfter: Int64

  public init(uriNames: [String], dnsNames: [String], leafSHA256: [UInt8], notAfter: Int64) {
    self.uriNames = uriNames
    self.dnsNames = dnsNames
    self.leafSHA256 = leafSHA256
    self.notAfter = notAfter
  }

  /// The SPIFFE ID. An X.509-SVID has exactly one URI SAN (SPIFFE X509-SVID §2): with two there is
  /// no telling which one is meant, so there is none.
  public var spiffeID: String? {
    guard uriNames.count == 1, let name = uriNames.first, SPIFFEID.isValid(name) else {
      return nil
    }
    return name
  }

  /// Two names of which one means to be a SPIFFE ID.
  var isAmbiguous: Bool { uriNames.count > 1 && uriNames.contains(where: SPIFFEID.isMeant) }
}

extension PeerIdentity {
  /// - Parameter leaf: borrowed.
  /// - Returns: nil when a name holds a NUL or anything else outside printable ASCII, when one means
  ///   to be a SPIFFE ID and is none, or when an extension or a time does not decode: such a
  ///   certificate is refused as a whole.
  init?(leaf: OpaquePointer) {
    guard let names = SubjectAlternativeNames(leaf),
      names.uris.allSatisfy({ !SPIFFEID.isMeant(by: $0) || SPIFFEID.isValid($0) }),
      let notAfter = seconds(X509_get0_notAfter(leaf))
    else { return nil }
    var digest = [UInt8](repeating: 0, count: 32)
    guard X509_digest(leaf, EVP_sha256(), &digest, nil) == 1 else { return nil }
    self.init(
      uriNames: names.uris, dnsNames: names.dns, leafSHA256: digest, notAfter: notAfter)
  }
}
