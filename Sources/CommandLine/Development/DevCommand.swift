internal import ArgumentParser

struct DevCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dev",
    abstract: "A developer's own certificates, issuers, people and tokens. Not for production.",
    discussion: """
      Services refuse what this makes where `environment` is `production`.

      EXAMPLES
        lockboxctl dev init
        lockboxctl dev people
        lockboxctl list --as erin
      """,
    subcommands: [
      DevInitCommand.self, DevCACommand.self, DevIssuerCommand.self, DevPeopleCommand.self,
      DevTokenCommand.self,
    ])
}

struct DirectoryOption: ParsableArguments {
  @Option(help: "Where everything lies.", completion: .directory)
  var directory = DevelopmentDirectory.usual

  var value: DevelopmentDirectory { DevelopmentDirectory(root: directory) }
}
