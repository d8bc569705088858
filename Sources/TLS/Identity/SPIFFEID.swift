/// What may stand in a certificate as the SPIFFE ID of its owner (SPIFFE-ID §2, X509-SVID §3).
enum SPIFFEID {
  private static let scheme = "spiffe://"
  /// SPIFFE-ID §2.3.
  private static let lengthLimit = 2048
  private static let trustDomainLimit = 255

  /// Whether a URI means to be a SPIFFE ID, rightly or not: the scheme in any case.
  static func isMeant(by uri: String) -> Bool { uri.lowercased().hasPrefix("spiffe:") }

  /// A trust domain of lower-case letters, digits, dots, dashes and underscores, and a path of
  /// segments that may hold upper-case letters too; neither query nor fragment, port, user or
  /// percent-encoding; no empty or relative segment, and no slash at the end.
  static func isValid(_ uri: String) -> Bool {
    guard uri.utf8.count <= lengthLimit, uri.hasPrefix(scheme) else { return false }
    let parts = uri.utf8.dropFirst(scheme.utf8.count)
      .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    // An owner has a path; the bare trust domain is an authority's name.
    guard parts.count > 1, let domain = parts.first, (1...trustDomainLimit).contains(domain.count),
      domain.allSatisfy(isDomainByte)
    else { return false }
    return parts.dropFirst().allSatisfy { segment in
      !segment.isEmpty && !segment.elementsEqual(".".utf8) && !segment.elementsEqual("..".utf8)
        && segment.allSatisfy { isDomainByte($0) || (0x41...0x5A).contains($0) }
    }
  }

  private static func isDomainByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
