internal import AccessToken
internal import ArgumentParser
internal import Domain
internal import MerkleLog
internal import Verification

struct TokenCommand: VerificationCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "An access token: signature, times, scope, and its proof in the log.",
    discussion: """
      A revocation is not seen offline: a revoked grant's token ends by itself within ten minutes.

      EXAMPLES
        lockbox-verify token token.jwt --keys jwks.json --log-key @acme.vkey \\
            --issuer https://approvals.example --audience https://content.example
      """)

  @Argument(help: "File with the token.", completion: .file()) var file: String
  @Option(help: "JWKS of the approvals service.", completion: .file()) var keys: String
  @Option(help: "The only `iss` to take.") var issuer: String
  @Option(help: "The only `aud` to take.") var audience: String
  @OptionGroup var log: LogKeyOption
  @OptionGroup var witnesses: WitnessOptions
  @Option(help: "As of this moment (RFC 3339) instead of now.", transform: moment)
  var at: Timestamp?
  @OptionGroup var output: OutputOption

  func verify(_ surroundings: Surroundings) throws -> Report {
    let text = try Inputs.text(file)
    let token = String(text.prefix { !$0.isWhitespace })
    let keySet: PublicKeySet
    do {
      keySet = try PublicKeySet(json: try Inputs.bytes(keys))
    } catch let error as KeySetError {
      throw Unfinished(description: "\(keys) is not taken: \(error).")
    }
    var logs: [TenantID: NoteVerifier] = [:]
    var cosigners: [TenantID: Cosigners] = [:]
    // The receipt must be of this log, whatever tenant the token names.
    if let tenant = AccessTokenVerifier.unverifiedClaims(token)?.grant.tenant {
      logs[tenant] = try log.verifier()
      cosigners[tenant] = try witnesses.cosigners()
    }
    let verifier = AccessTokenVerifier(
      keys: keySet, issuer: issuer, audience: audience, logs: logs, cosigners: cosigners)
    return Report(verifier.verify(token, at: at ?? surroundings.now()))
  }
}
