internal import ArgumentParser
internal import Domain
internal import Files
internal import LockboxProto
internal import SignedStatement
internal import Verification
internal import Words

struct GrantVerifyCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a grant's evidence offline: request, approvals, signatures, proof in the log.",
    discussion: """
      Asks nobody: the log's key comes from the configuration (log_keys). With --trust only \
      signatures of the keys that you name count, so that not even the register of keys has to be \
      believed. Prints every finding; exits with 0 only when all hold. A break-glass grant, which the \
      customer did not approve, holds only with --break-glass.

      EXAMPLES
        lockboxctl grant verify evidence.json
        lockboxctl grant verify evidence.json --require-signatures --trust "$ana"
      """)

  @Argument(help: "What grant evidence printed.", completion: .file()) var file: String
  @Flag(help: "Demand a signature of each of the customer's decisions.")
  var requireSignatures = false
  @Flag(help: "Take a break-glass grant, which the customer did not approve, for what it is.")
  var breakGlass = false
  @Option(parsing: .singleValue, help: "Only this key's signatures count; may be repeated.")
  var trust: [KeyArgument] = []
  @Option(
    help:
      "Configuration file; else $LOCKBOXCTL_CONFIG, ./.lockbox/ctl.yaml or the one in ~/.config.",
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?
  @OptionGroup var output: OutputOptions

  func run(in shell: Shell) async throws {
    let configuration = try Configuration.find(config, environment: shell.environment)
    let evidence: ApprovalsV1.GrantEvidence
    do {
      evidence = try EvidenceFile.read(try File.read(file, limit: EvidenceFile.largest))
    } catch let error as FileError {
      throw Failure(.data, "The evidence \(error.path) cannot be read: \(error.reason).")
    } catch let fault as EvidenceFile.Fault {
      throw Failure(.data, fault.description)
    }
    let tenant = evidence.grant?.tenantID ?? ""
    guard let log = configuration.logKeys[tenant] else {
      throw Failure.configuration(
        "\(configuration.file) names no key for the log of \(Printable.line(tenant)): add it to "
          + "log_keys.")
    }
    let findings = GrantEvidenceVerifier(
      log: log, trustedKeys: trust.isEmpty ? nil : Set(trust.map(\.id)), relyingParty: nil,
      demandsSignatures: requireSignatures, acceptsBreakGlass: breakGlass
    ).verify(evidence)
    let report = Report(findings, of: evidence)
    Printer(shell, output).report(report)
    if let failure = report.firstFailure {
      throw Failure(.refused, "The evidence does not hold: \(failure.check).")
    }
  }
}
