internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import Words

struct TokenIssueCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue",
    abstract: "Get an access token for a live grant of yours (engineers).",
    discussion: """
      Prints the token and nothing else. It lives ten minutes at most and carries the proof that \
      the approval stands in the tenant's log. Whoever holds it has the access: keep it as you \
      keep a password.

      EXAMPLES
        lockboxctl token issue 019aa0c4-77aa-7d10-8a4e-0a1b2c3d4e5f > token.jwt
        lockboxctl token issue "$grant" | lockboxctl token verify
        lockboxctl token issue "$grant" --key ~/.config/lockbox/access.key
      """)

  @Argument(help: "The grant's id, as show and grant list print it.") var grant: GrantID
  @Option(
    help: "An Ed25519 private key in PEM to bind the token to (key generate makes one).",
    completion: .file())
  var key: String?
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let method = ApprovalsV1.GrantService.issueAccessToken
    let proof = try key.map { try session.proof(of: $0, calling: method, at: .approvals) }
    let response = try await session.call(
      method, .init(grantID: grant.description, dpopProof: proof ?? ""), at: .approvals)
    try session.printer.result(response) { [Printable.line(response.accessToken)] }
    session.printer.note("expires \(session.shell.times.full(response.expireTime).text)")
  }
}
