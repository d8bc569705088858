internal import AccessToken
internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import Words

struct TokenShowCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what an access token says, without checking it.",
    discussion: """
      EXAMPLES
        lockboxctl token show --file token.jwt
        lockboxctl token issue "$grant" | lockboxctl token show
      """)

  @OptionGroup var input: TokenInput
  @OptionGroup var output: OutputOptions

  func run(in shell: Shell) async throws {
    let token = try input.read(shell)
    guard let claims = AccessTokenVerifier.unverifiedClaims(token), let jws = CompactJWS(token)
    else { throw Failure(.data, "This is no access token of Lockbox.") }
    let printer = Printer(shell, output)
    switch output.output {
    case .json: shell.print(Printable.line(String(decoding: jws.payload, as: UTF8.self)))
    case .table:
      page(claims, jws.header, shell.times).lines(printer.style).forEach(shell.print)
    }
    printer.note("Nothing of this is checked: lockboxctl token verify does that.")
  }

  private func page(
    _ claims: AccessTokenClaims, _ header: CompactJWS.Header, _ times: LocalTime
  ) -> Page {
    let grant = claims.grant
    var page = Page()
    page.heading(Styled("Access token \(claims.tokenID)"), Styled("not checked", .waiting))
    page.field("Issuer", Styled("\(claims.issuer), key \(header.kid)"))
    page.field("Audience", Styled(claims.audience))
    page.field("Issued", Styled(times.full(claims.issueTime)))
    page.field("Expires", Styled(times.full(claims.expireTime)))
    page.heading(Styled("Grant \(grant.id)"))
    if grant.isBreakGlass { page.field("Break-glass", .breakGlass) }
    page.field("Request", Styled("\(grant.request)"))
    page.field("Tenant", Styled(grant.tenant.text))
    page.field("Engineer", Styled("\(grant.engineer.id) of \(grant.engineer.issuer)"))
    page.field("Resources", grant.scope.resources.map { Styled($0) })
    page.field("Actions", Styled(grant.scope.actions.map { "\($0)" }.joined(separator: ", ")))
    page.field("From", Styled(times.full(grant.start)))
    page.field("To", Styled(times.full(grant.end)))
    page.field("Digest", Styled("\(grant.requestDigest)"))
    page.heading("Receipt")
    page.field("Log", Styled(claims.receipt.origin))
    page.field("Entry", Styled("\(claims.receipt.index)"))
    page.field("Checkpoint", Printable.lines(claims.receipt.checkpoint).map { Styled($0) })
    return page
  }
}
