internal import ArgumentParser

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Access tokens: get one, look at one, check one offline.",
    discussion: """
      EXAMPLES
        lockboxctl token issue 019aa0c4-77aa-7d10-8a4e-0a1b2c3d4e5f > token.jwt
        lockboxctl token verify --file token.jwt
      """,
    subcommands: [
      TokenIssueCommand.self, TokenVerifyCommand.self, TokenShowCommand.self,
      TokenIntrospectCommand.self, TokenKeysCommand.self,
    ])
}
