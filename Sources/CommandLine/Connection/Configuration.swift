internal import AccessToken
internal import Domain
internal import MerkleLog
internal import RPC

/// What `ctl.yaml` says.
struct Configuration: Sendable {
  /// Where it was read, for complaints.
  let file: String
  var endpoints: [Server: RPCTarget]
  /// What the services' certificates say, where it is not the host in the address.
  var serverName: String?
  /// PEM file of the authorities that vouch for the services.
  var trustRoots: String
  var tokenFile: String?
  /// PEM files of a certificate and its key, shown to the services: access tokens are then bound to
  /// it. Both or neither.
  var clientCertificate: String?
  var clientKey: String?
  /// The key that signs decisions, PEM.
  var signingKey: String?
  /// Where `dev init` put the development issuers' keys.
  var developmentDirectory: String?
  var accessTokens: AccessTokens?
  /// The key of each tenant's log, by tenant id; the provider's own by `provider`.
  var logKeys: [String: NoteVerifier]
  /// Who must have cosigned the checkpoints of access tokens' receipts, by tenant id.
  var cosigners: [String: Cosigners] = [:]

  /// How access tokens are checked.
  struct AccessTokens: Sendable {
    /// JWKS file of the approvals service.
    var keys: String
    var issuer: String
    var audience: String
  }

  /// The name of the provider's own log among the keys.
  static let providerLog = "provider"
}
