internal import ArgumentParser

struct DevCACommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "ca",
    abstract:
      "Make the authority and the services' certificates, or renew what is about to expire.",
    discussion: """
      Running services take renewed certificates up by themselves.

      EXAMPLES
        lockboxctl dev ca
        rm .lockbox/certificates/audit.* && lockboxctl dev ca
      """)

  @OptionGroup var directory: DirectoryOption
  @OptionGroup var output: OutputOptions

  func run(in shell: Shell) async throws {
    let directory = directory.value
    try directory.make()
    try directory.makeCertificates(
      now: shell.now, DevelopmentReport(printer: Printer(shell, output)))
  }
}
