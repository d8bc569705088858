/// The services that exist, as they name themselves in certificates, feeds and logs.
public enum ServiceName: String, Sendable, Hashable, CaseIterable {
  case intake
  case approvals
  case expiry
  case audit
  case export
  case notify
  /// An enforcement point: it calls the others, and is none of the installation's servers.
  case gate

  /// Those that serve.
  public static let allCases: [ServiceName] = [
    .intake, .approvals, .expiry, .audit, .export, .notify,
  ]

  /// `spiffe://<trust domain>/lockbox/<service>`: what its certificate's URI SAN says.
  public func spiffeID(in trustDomain: String) -> String {
    "spiffe://\(trustDomain)/lockbox/\(rawValue)"
  }

  /// The service that a SPIFFE id names; `nil` for every other id, byte for byte.
  public init?(spiffeID: String, in trustDomain: String) {
    let match = (Self.allCases + [.gate]).first {
      $0.spiffeID(in: trustDomain).utf8.elementsEqual(spiffeID.utf8)
    }
    guard let match else { return nil }
    self = match
  }

  /// The default ports: people 740x, services 750x, metrics 760x; those around the portal 77xx.
  public var ports: (people: Int, service: Int, metrics: Int) {
    switch self {
    case .intake: (7401, 7501, 7601)
    case .approvals: (7402, 7502, 7602)
    case .expiry: (7403, 7503, 7603)
    case .audit: (7404, 7504, 7604)
    case .gate: (7405, 7505, 7605)
    case .export: (7406, 7506, 7606)
    case .notify: (7714, 7715, 7716)
    }
  }
}
