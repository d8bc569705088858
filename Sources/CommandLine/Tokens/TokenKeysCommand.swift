internal import ArgumentParser
internal import LockboxProto
internal import Words

struct TokenKeysCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "List the keys that access tokens are signed with.",
    discussion: """
      With --jwks, the JWKS that enforcement points and `access_tokens.keys` take.

      EXAMPLES
        lockboxctl token keys
        lockboxctl token keys --jwks > token-keys.json
      """)

  @Flag(help: "As a JWKS (RFC 7517).") var jwks = false
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.GrantService.listSigningKeys, .init(), at: .approvals)
    if jwks { return session.shell.print(Printable.line(response.jwks)) }
    try session.printer.table(response, empty: "No keys.") {
      var table = Table("KEY", "STATE", "PUBLIC KEY (ED25519)")
      for key in response.keys {
        table.add(Styled(key.keyID), key.state.words, Styled(hexadecimal(key.publicKey)))
      }
      return table
    }
  }
}

extension ApprovalsV1.SigningKeyState {
  fileprivate var words: Styled {
    switch self {
    case .unspecified: Styled("unspecified")
    case .next: Styled("next, signs nothing yet", .waiting)
    case .active: Styled("active", .good)
    case .retired: Styled("retired, its tokens may live", .faint)
    case .unrecognized(let number): Styled("state \(number)")
    }
  }
}
