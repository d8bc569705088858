internal import AccessToken
internal import ArgumentParser
internal import Domain
internal import Files
internal import MerkleLog
internal import Verification

struct TokenVerifyCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check an access token offline: signature, times, scope, and its proof in the log.",
    discussion: """
      Asks nobody: the keys come from the configuration (access_tokens and log_keys). Prints every \
      check; exits with 0 only when all hold. A revocation is not seen offline: a revoked grant's \
      token ends by itself within ten minutes.

      EXAMPLES
        lockboxctl token verify --file token.jwt
        lockboxctl token issue "$grant" | lockboxctl token verify
        lockboxctl token verify --file token.jwt --at 2026-11-21T12:00:00Z
      """)

  @OptionGroup var input: TokenInput
  @Option(help: "As of this moment (RFC 3339) instead of now.") var at: Timestamp?
  @Option(
    help:
      "Configuration file; else $LOCKBOXCTL_CONFIG, ./.lockbox/ctl.yaml or the one in ~/.config.",
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?
  @OptionGroup var output: OutputOptions

  func run(in shell: Shell) async throws {
    let configuration = try Configuration.find(config, environment: shell.environment)
    let verifier = try configuration.accessTokenVerifier()
    let verdict = verifier.verify(try input.read(shell), at: at ?? shell.now)
    let report = Report(verdict)
    Printer(shell, output).report(report)
    if let failure = report.firstFailure {
      throw Failure(.refused, "The token does not hold: \(failure.check).")
    }
  }
}

extension Configuration {
  fileprivate func accessTokenVerifier() throws(Failure) -> AccessTokenVerifier {
    guard let trust = accessTokens else {
      throw .configuration(
        "\(file) does not say whose access tokens to trust: write `access_tokens`.")
    }
    let keys: PublicKeySet
    do {
      keys = try PublicKeySet(json: try File.read(trust.keys))
    } catch let error as FileError {
      throw .configuration("The key set \(error.path) cannot be read: \(error.reason).")
    } catch {
      throw .configuration("The key set \(trust.keys) is not taken: \(error).")
    }
    var logs: [TenantID: NoteVerifier] = [:]
    for (name, key) in logKeys { if let tenant = TenantID(name) { logs[tenant] = key } }
    var witnesses: [TenantID: Cosigners] = [:]
    for (name, cosigners) in cosigners {
      if let tenant = TenantID(name) { witnesses[tenant] = cosigners }
    }
    return AccessTokenVerifier(
      keys: keys, issuer: trust.issuer, audience: trust.audience, logs: logs,
      cosigners: witnesses)
  }
}
