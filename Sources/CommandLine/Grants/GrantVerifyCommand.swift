internal import ArgumentParser
internal import Domain
internal import Files
internal import LockboxProto
internal import SignedStatement

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
      evidence = try EvidenceFile.read(try File.read(file, limit: 4 << 20))
    } catch let error as FileError {
      throw Failure(.data, "The evidence \(error.path) cannot be read: \(error.reason).")
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
    print(findings, evidence, shell)
    if let bad = findings.first(where: { !$0.holds }) {
      throw Failure(.refused, "The evidence does not hold: \(bad.subject.words(evidence)).")
    }
  }

  private func print(
    _ findings: [EvidenceFinding], _ evidence: ApprovalsV1.GrantEvidence, _ shell: Shell
  ) {
    switch output.output {
    case .json:
      shell.print(
        JSONText.object([
          ("holds", findings.allSatisfy(\.holds) ? "true" : "false"),
          ("breakGlass", evidence.grant?.breakGlass == true ? "true" : "false"),
          (
            "findings",
            JSONText.array(
              findings.map {
                JSONText.object([
                  ("finding", JSONText.string($0.subject.words(evidence))),
                  ("holds", $0.holds ? "true" : "false"),
                  ("problem", JSONText.string($0.problem ?? "")),
                ])
              })
          ),
        ]))
    case .table:
      var table = Table("", "FINDING", "PROBLEM")
      for finding in findings {
        table.add(
          finding.holds ? Styled("✓", .good) : Styled("✗", .bad),
          Styled(finding.subject.words(evidence)), Styled(finding.problem ?? "", .bad))
      }
      table.lines(Printer(shell, output).style).forEach(shell.print)
    }
  }
}

extension EvidenceFinding.Subject {
  fileprivate func words(_ evidence: ApprovalsV1.GrantEvidence) -> String {
    switch self {
    case .request: "the request's bytes"
    case .receipt: "the approval in the tenant's log"
    case .stage(let index): "the quorum of \(evidence.stages[index].name)"
    case .customer:
      evidence.grant?.breakGlass == true
        ? "break-glass, without the customer's approval"
        : evidence.stages.contains { $0.side == .customer }
          ? "the customer's approval" : "no stage of the customer's"
    case .signature(let index):
      "the signature of \(evidence.decisions[index].approver?.short ?? "nobody")"
    case .terms: "what was granted"
    }
  }
}
