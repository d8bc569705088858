internal import Domain
internal import FoundationEssentials
internal import FuzzSupport
internal import Logging
internal import MerkleLog
internal import ProtobufC
internal import ServiceKit

/// Two issuers whose keys never change, and good tokens of theirs.
struct Scene: Sendable {
  static let shared = blocking { try await Scene() }

  /// 2026-11-21T12:00:00Z, and no other time.
  static let now = Timestamp(seconds: 1_795_262_400, nanos: 0)!

  let authenticator: Authenticator
  let issuers: [FixedIssuer]
  let good: [(token: [UInt8], issuer: FixedIssuer)]

  private init() async throws {
    let provider = FixedIssuer("https://idp.example", "p", .provider, seed: 1)
    let tenant = FixedIssuer(
      "https://idp.acme.example", "a", .tenant(TenantID("acme")!), seed: 2)
    issuers = [provider, tenant]
    var entries: [Issuer] = []
    for issuer in issuers {
      let file = FileManager.default.temporaryDirectory.appending(
        path: "fuzz-token-\(ProcessInfo.processInfo.processIdentifier)-\(issuer.keyID).jwks")
      try Data(issuer.jwks.utf8).write(to: file)
      entries.append(
        Issuer(
          url: issuer.url, audience: "lockbox", keys: .file(file.path),
          affiliation: issuer.affiliation))
    }
    let directory = try await IssuerDirectory(
      entries, environment: .production, clock: FixedClock(),
      logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
    for case .file(let path) in entries.map(\.keys) {
      try FileManager.default.removeItem(atPath: path)
    }
    authenticator = Authenticator(issuers: directory, clock: FixedClock(), capacity: 8)
    good = issuers.map { issuer in
      let role = issuer.affiliation == .provider ? "engineer" : "approver"
      let claims = """
        {"iss":"\(issuer.url)","aud":"lockbox","sub":"erin","name":"Erin","roles":["\(role)"],\
        "iat":1795262400,"exp":1795266000}
        """
      return (issuer.sign(header: issuer.header, claims: Array(claims.utf8)), issuer)
    }
    for (token, issuer) in good {
      let person = try authenticator.authenticate(token)
      require(person.affiliation == issuer.affiliation, "a good token is somebody else's")
    }
  }
}

private struct FixedClock: WallClock {
  func now() -> Timestamp { Scene.now }
}

/// An issuer with one Ed25519 key, made of a constant: corpora outlive the process.
struct FixedIssuer: Sendable {
  let url: String
  let keyID: String
  let affiliation: Affiliation
  private let key: SigningKey

  init(_ url: String, _ keyID: String, _ affiliation: Affiliation, seed: UInt8) {
    self.url = url
    self.keyID = keyID
    self.affiliation = affiliation
    key = SigningKey(seed: [UInt8](repeating: seed, count: 32))!
  }

  var header: [UInt8] { Array(#"{"alg":"EdDSA","kid":"\#(keyID)","typ":"JWT"}"#.utf8) }

  var jwks: String {
    let x = Base64URL.encode(key.publicKey.bytes)
    return #"{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"\#(keyID)","x":"\#(x)"}]}"#
  }

  func sign(header: [UInt8], claims: [UInt8]) -> [UInt8] {
    let signed = Array("\(Base64URL.encode(header)).\(Base64URL.encode(claims))".utf8)
    return signed + Array(".\(Base64URL.encode(key.sign(signed)))".utf8)
  }
}
