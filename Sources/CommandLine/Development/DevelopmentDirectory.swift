internal import DevPKI
internal import Domain
internal import Files

/// Where `dev init` puts everything, and what it is called there.
struct DevelopmentDirectory {
  let root: String

  static let usual = ".lockbox"
  /// The authority part of SPIFFE ids; `.test` can belong to nobody (RFC 6761 §6.2).
  static let trustDomain = "lockbox.test"
  /// Tenants of the story that `deploy/quickstart` plays.
  static let tenants = ["acme", "globex", "initech"]
  static let provider = "provider"
  static let audience = "lockbox"
  static let tokenIssuer = "https://approvals.lockbox.test"
  static let tokenAudience = "https://content.lockbox.test"
  static let logPrefix = "log.lockbox.test"

  var authorityCertificate: String { "\(root)/ca/ca.pem" }
  var authorityKey: String { "\(root)/ca/ca.key" }
  var issuers: String { "\(root)/issuers.yaml" }
  var people: String { "\(root)/people.yaml" }
  var controlFile: String { "\(root)/ctl.yaml" }
  var logKey: String { "\(root)/keys/audit-log.key" }
  /// The key of each log, one a line.
  var logKeys: String { "\(root)/log-keys.txt" }
  var tokenKey: String { "\(root)/keys/access-token.key" }
  var tokenKeySet: String { "\(root)/keys/access-token.jwks.json" }

  func certificate(of program: String) -> String { "\(root)/certificates/\(program).pem" }
  func key(of program: String) -> String { "\(root)/certificates/\(program).key" }
  func key(of issuer: DevelopmentIssuer) -> String { "\(root)/issuers/\(issuer.name).key" }
  func keySet(of issuer: DevelopmentIssuer) -> String { "\(root)/issuers/\(issuer.name).jwks.json" }

  static func exists(_ path: String) -> Bool { FileStamp(path) != nil }

  /// Makes the directories, closed to others.
  func make() throws(Failure) {
    for name in ["ca", "certificates", "issuers", "keys"] {
      do {
        try File.makeDirectory("\(root)/\(name)")
      } catch {
        throw Failure(.inputOutput, "\(error.path) cannot be made: \(error.reason).")
      }
    }
  }

  static func write(_ text: String, to path: String) throws(Failure) {
    do {
      try PrivateFile.write(text, to: path, mode: 0o600)
    } catch {
      throw Failure(.inputOutput, "\(error).")
    }
  }
}

/// An issuer whose key lies open on a developer's machine: the provider's, or a tenant's.
struct DevelopmentIssuer: Hashable {
  let name: String

  var url: String { "https://\(name).\(DevelopmentDirectory.trustDomain)" }
  /// Services refuse keys with this prefix in production.
  var keyID: String { "dev-\(name)" }
  var tenant: String? { name == DevelopmentDirectory.provider ? nil : name }

  static let usual = ([DevelopmentDirectory.provider] + DevelopmentDirectory.tenants)
    .map { DevelopmentIssuer(name: $0) }
}
