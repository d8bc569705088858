/// Whom a client means to reach; the server's certificate must say so in its SANs.
/// The common name is never looked at.
public enum ExpectedPeer: Sendable, Hashable {
  /// A URI SAN equal to this, byte for byte: `spiffe://example.org/lockbox/approvals`.
  case uri(String)
  /// A DNS SAN (RFC 6125, whole-label wildcards only) or, for an address literal, an IP SAN.
  /// Host names are sent as SNI too.
  case hostname(String)

  /// Whether the name can be checked: libcrypto would take an empty one for "do not check", and
  /// neither a certificate nor SNI has room for the root's dot (RFC 6066 §3).
  var isCheckable: Bool {
    let bytes = name.utf8
    guard !bytes.isEmpty, !bytes.contains(0) else { return false }
    if case .hostname = self { return bytes.last != UInt8(ascii: ".") }
    return true
  }

  /// The name itself.
  public var name: String {
    switch self {
    case .uri(let name), .hostname(let name): name
    }
  }
}
