/// What one side of a TLS connection presents, and whom it trusts.
///
/// Only TLS 1.3, the suites of RFC 8446 §B.4 without CCM, X25519, P-256 and P-384; no resumption of
/// any kind, so that every connection is verified anew and a revocation takes hold.
public struct TLSConfiguration: Sendable, Hashable {
  /// A certificate chain, leaf first, and the key of its leaf; both PEM, the key not encrypted.
  public struct Identity: Sendable, Hashable {
    public var chainFile: String
    public var keyFile: String

    public init(chainFile: String, keyFile: String) {
      self.chainFile = chainFile
      self.keyFile = keyFile
    }
  }

  /// Whether a server asks its clients for a certificate.
  public enum ClientCertificates: Sendable, Hashable {
    /// Never asked for.
    case none
    /// Asked for; one that is presented must verify.
    case optional
    /// No certificate, no connection.
    case required
  }

  /// Which end of the connection this is.
  public enum Role: Sendable, Hashable {
    case server(ClientCertificates)
    case client
  }

  public var role: Role
  /// Required for a server; a client without one stays anonymous.
  public var identity: Identity?
  /// PEM file of the authorities that may vouch for the peer.
  /// Required unless the role is a server that asks for no certificate.
  public var trustRootsFile: String?
  /// PEM file of revocation lists. When given, every certificate of the peer's chain needs a
  /// current list of its issuer in this file.
  public var revocationListFile: String?
  /// Whom a server lets in: the one URI SAN that a client's certificate must have, byte for byte, is
  /// one of these. nil: whoever the trust roots vouch for. Empty: nobody who shows a certificate.
  public var allowedClients: Set<String>?
  /// The one URI SAN of our own certificate. When given, files that hold another's are not loaded.
  public var ownName: String?
  /// ALPN names (RFC 7301), a client's most preferred first; a server takes the first of the
  /// client's that it has too, and a connection without a common one is refused.
  public var applicationProtocols: [String] = ["h2"]
  /// Whether a connection without any is refused. It need not be where the protocol is known without
  /// being agreed on: many programs that speak HTTP/1.1 have never heard of ALPN. One that names
  /// others only is refused all the same.
  public var requiresApplicationProtocol = true

  /// A server's side.
  public static func server(
    identity: Identity,
    clientCertificates: ClientCertificates,
    trustRootsFile: String? = nil,
    revocationListFile: String? = nil
  ) -> TLSConfiguration {
    TLSConfiguration(
      role: .server(clientCertificates), identity: identity, trustRootsFile: trustRootsFile,
      revocationListFile: revocationListFile)
  }

  /// A client's side.
  public static func client(
    trustRootsFile: String,
    identity: Identity? = nil,
    revocationListFile: String? = nil
  ) -> TLSConfiguration {
    TLSConfiguration(
      role: .client, identity: identity, trustRootsFile: trustRootsFile,
      revocationListFile: revocationListFile)
  }
}

extension TLSConfiguration {
  /// Every file that is read, in the order of reading.
  var files: [String] {
    [identity?.chainFile, identity?.keyFile, trustRootsFile, revocationListFile].compactMap(\.self)
  }

  var verifiesPeer: Bool {
    switch role {
    case .server(.none): false
    case .server(.optional), .server(.required), .client: true
    }
  }

  var side: TLSSide {
    switch role {
    case .server: .server
    case .client: .client
    }
  }
}

/// One end of a connection.
public enum TLSSide: Sendable, Hashable {
  case server, client

  var peer: TLSSide {
    switch self {
    case .server: .client
    case .client: .server
    }
  }

  var name: String {
    switch self {
    case .server: "server"
    case .client: "client"
    }
  }
}
