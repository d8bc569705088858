internal import ArgumentParser
internal import LockboxProto
internal import ProtobufC
internal import Words

struct TokenIntrospectCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "introspect",
    abstract: "Ask the approvals service what a token is worth now.",
    discussion: """
      Unlike verify, it sees revocations. A token that is worth nothing, or that you may not know of, \
      is not active; nothing more is said. Exits with 0 only when it is active.

      EXAMPLES
        lockboxctl token introspect --file token.jwt
        lockboxctl token issue "$grant" | lockboxctl token introspect
      """)

  @OptionGroup var input: TokenInput
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.GrantService.introspect, .init(accessToken: try input.read(session.shell)),
      at: .approvals)
    let times = session.shell.times
    try session.printer.page(response) {
      var page = Page()
      page.heading(
        Styled("Access token \(response.tokenID)"),
        response.active ? Styled("active", .good) : Styled("not active", .bad))
      guard response.active else { return page }
      page.field("Expires", Styled(times.full(response.expireTime).text))
      page.field("Grant", Styled(response.grant?.grantID ?? ""))
      page.field("Tenant", Styled(response.grant?.tenantID ?? ""))
      page.field("Engineer", Styled(response.grant?.engineer?.short ?? ""))
      page.field("Bound to", Styled(response.confirmation?.words ?? "nobody: whoever bears it"))
      return page
    }
    guard response.active else { throw Failure(.refused, "The token is not active.") }
  }
}

extension CommonV1.Confirmation {
  fileprivate var words: String {
    keyThumbprint.isEmpty
      ? "the certificate \(hexadecimal(certificateSha256))"
      : "the key with the thumbprint \(Base64URL.encode(keyThumbprint))"
  }
}
