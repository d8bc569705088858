internal import ArgumentParser

struct DevInitCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make everything that services and people need on one machine.",
    discussion: """
      An authority and a certificate for each service, an issuer for the provider and for each of \
      the tenants acme, globex and initech, people, the keys of the log and of access tokens, \
      a witness of acme's, and ctl.yaml. What exists is kept: running it again is safe.

      EXAMPLES
        lockboxctl dev init
        lockboxctl dev init --directory /tmp/lockbox
      """)

  @OptionGroup var directory: DirectoryOption
  @OptionGroup var output: OutputOptions

  func run(in shell: Shell) async throws {
    let report = DevelopmentReport(printer: Printer(shell, output))
    let directory = directory.value
    try directory.make()
    try directory.makeCertificates(now: shell.now, report)
    for issuer in DevelopmentIssuer.usual { try directory.makeIssuer(issuer, report) }
    try directory.initial(
      DevelopmentDirectory.issuersText(DevelopmentIssuer.usual), to: directory.issuers, report)
    try directory.initial(PeopleFile.initial, to: directory.people, report)
    let logKey = try directory.makeServiceKeys(report)
    try directory.initial(
      try DevelopmentDirectory.logKeysText(logKey), to: directory.logKeys, report)
    try directory.makeWitness(following: logKey, report)
    try directory.initial(
      try DevelopmentDirectory.controlText(logKey), to: directory.controlFile, report)
  }
}
