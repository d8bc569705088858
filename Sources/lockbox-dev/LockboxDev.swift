internal import ArgumentParser
internal import Development
internal import ServiceKit

@main
struct LockboxDev: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-dev",
    abstract: "Servers of others that a developer's machine lacks. Never for production.",
    subcommands: [LockboxDevIssuer.self])
}

struct LockboxDevIssuer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issuer",
    abstract: "The issuers of `lockboxctl dev init`, to sign in at with a browser.",
    discussion: """
      Whoever reaches it can be anybody of people.yaml: it listens on loopback only.

      EXAMPLES
        lockbox-dev issuer
        lockbox-dev issuer --set directory=/tmp/lockbox --set issuer.address=127.0.0.1:8811
      """)

  @OptionGroup var options: ServiceOptions

  func run() async { await IssuerProgram.main(options) }
}
