internal import ArgumentParser
internal import Domain
internal import MerkleLog

struct DevIssuerCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "issuer",
    abstract: "Add a development issuer for one more tenant.",
    discussion: """
      Makes its key, adds it to issuers.yaml (services read that when they start) and adds the key \
      of the tenant's log to ctl.yaml and log-keys.txt. Its people go into people.yaml by hand.

      EXAMPLES
        lockboxctl dev issuer umbrella
        lockboxctl dev issuer umbrella --directory /tmp/lockbox
      """)

  @Argument(help: "The tenant's id.") var tenant: TenantID
  @OptionGroup var directory: DirectoryOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if tenant.text == DevelopmentDirectory.provider {
      throw ValidationError("'provider' is the provider's own name: a tenant needs another.")
    }
  }

  func run(in shell: Shell) async throws {
    let report = DevelopmentReport(printer: Printer(shell, output))
    let directory = directory.value
    guard DevelopmentDirectory.exists(directory.controlFile) else {
      throw Failure.configuration(
        "\(directory.root) is not set up yet: run lockboxctl dev init first.")
    }
    let issuer = DevelopmentIssuer(name: tenant.text)
    try directory.makeIssuer(issuer, report)
    try add(
      DevelopmentDirectory.issuerEntry(issuer), to: directory.issuers,
      unlessItHolds: "issuer: \(issuer.url)\n", report)
    let key = try directory.signingKey(directory.logKey, report).publicKey
    let log = try DevelopmentDirectory.logVerifier(of: tenant.text, key)
    try add(
      "  \(tenant): \(log.vkey)\n", to: directory.controlFile, unlessItHolds: "  \(tenant): ",
      report)
    try add("\(log.vkey)\n", to: directory.logKeys, unlessItHolds: log.vkey, report)
    // The entry goes to the end of the file, where `dev init` put the keys of the logs.
    _ = try Configuration(file: directory.controlFile)
  }

  private func add(
    _ entry: String, to path: String, unlessItHolds mark: String, _ report: DevelopmentReport
  ) throws(Failure) {
    var text = try YamlFile.text(path, status: .configuration)
    if text.contains(mark) { return report.kept(path) }
    if !text.hasSuffix("\n") { text += "\n" }
    try DevelopmentDirectory.write(text + entry, to: path)
    report.made(path)
  }
}
