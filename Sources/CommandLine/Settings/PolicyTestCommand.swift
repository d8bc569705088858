internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import StandardProto
internal import Words

struct PolicyTestCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Tell what would become of a request: which stages, who could approve, until when.",
    discussion: """
      Nobody is asked and nothing is kept. Exits with 1 where the request would be denied at once \
      or a quorum is out of reach. With --file the policy is one that does not stand yet.

      EXAMPLES
        lockboxctl policy test --tenant acme --workload exchange --engineer erin \\
            --reason production-alert --duration 2h
        lockboxctl policy test --tenant acme --workload exchange --engineer erin \\
            --reason production-alert --severity critical -f policies.yaml
      """)

  @Option(help: "The tenant whose content it is about.") var tenant: TenantID
  @Option(help: "The kind of content.") var workload: Workload
  @Option(help: "Who would ask: the subject, as tokens name it.") var engineer: String
  @Option(help: "Why.") var reason: ReasonArgument
  @Option(help: "How bad it is.") var severity: SeverityArgument?
  @Option(help: "The support ticket.") var ticket: String = ""
  @Option(help: "How long access is wanted; else as long as may be.") var duration: TimeSpan?
  @Flag(help: "An emergency: the customer is told at once instead of asked.")
  var breakGlass = false
  @Option(
    name: [.short, .customLong("file")], help: "YAML file with another policy of the workload.",
    completion: .file(extensions: ["yaml", "yml"]))
  var file: String?
  @OptionGroup var options: GlobalOptions

  func run(in shell: Shell) async throws {
    let candidate = try policy(shell)
    let session = try Session(options, in: shell)
    do {
      try await run(candidate, session)
    } catch {
      await session.close()
      throw error
    }
    await session.close()
  }

  /// The policy of the workload in the file.
  private func policy(_ shell: Shell) throws(Failure) -> CommonV1.WorkloadPolicy? {
    guard let file else { return nil }
    for document in try SettingsSource.read([file], shell) {
      if case .policy(let policy) = document.content, policy.workload == workload.text {
        return policy
      }
    }
    throw Failure(.data, "\(file) holds no policy of \(workload).")
  }

  private func run(_ candidate: CommonV1.WorkloadPolicy?, _ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.PolicyService.simulateAccessRequest,
      .init(
        tenantID: tenant.text, workload: workload.text, engineer: .init(id: engineer),
        reasonCode: reason.code, severity: severity?.severity ?? .unspecified, ticket: ticket,
        duration: duration.map { .init($0.duration) }, breakGlass: breakGlass, policy: candidate),
      at: .approvals)
    try session.printer.page(response) { page(response, session) }
    if let sentence = response.obstacle { throw Failure(.refused, sentence) }
  }

  private func page(
    _ response: ApprovalsV1.SimulateAccessRequestResponse, _ session: Session
  ) -> Page {
    var page = Page()
    page.heading(
      Styled("\(workload) at \(tenant), asked for by \(engineer)"),
      response.denialReason.isEmpty
        ? Styled("would be opened", .good) : Styled("would be denied", .bad))
    page.field("Rule", Styled(response.policyRule))
    let policy = response.policyVersion == 0 ? "of the file" : "\(response.policyVersion)"
    page.field(
      "Versions",
      response.tenantVersion == 0
        ? "" : Styled("policy \(policy), tenant \(response.tenantVersion)"))
    page.field("Access", Styled("\(response.duration.words) at most"))
    page.field("Note", response.findings.map { $0.words(response) })
    guard response.denialReason.isEmpty else { return page }
    var table = Table("STAGE", "NEEDS", "WHO COULD APPROVE", "EXPIRES AT THE LATEST")
    for stage in response.stages {
      let who = stage.who
      for (index, line) in who.enumerated() {
        let isFirst = index == 0
        table.add(
          Styled(isFirst ? stage.name : ""), Styled(isFirst ? stage.needs : ""), line,
          isFirst ? session.shell.times.full(stage.latestDeadline) : "")
      }
    }
    page.table(table)
    return page
  }
}
