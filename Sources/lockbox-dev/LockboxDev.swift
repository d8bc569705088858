internal import ArgumentParser
internal import Development
internal import ServiceKit

@main
struct LockboxDev: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-dev",
    abstract: "Servers of others that a developer's machine lacks. Never for production.",
    subcommands: [LockboxDevIssuer.self, LockboxDevMail.self])
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

struct LockboxDevMail: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mail",
    abstract: "A mail server that delivers nothing, and shows what it was given.",
    discussion: """
      It wants STARTTLS, keeps the last 1,000 mails in memory, and listens on loopback only. Programs
      read them at /mails.json, or one recipient's at /mails.json?to=ana@acme.example.

      EXAMPLES
        lockbox-dev mail
        lockbox-dev mail --set directory=/tmp/lockbox --set mail.smtp_address=127.0.0.1:2525
      """)

  @OptionGroup var options: ServiceOptions

  func run() async { await MailProgram.main(options) }
}
