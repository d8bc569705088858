internal import ArgumentParser
internal import LockboxProto
internal import RPC

struct ApplyCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Set tenants and policies from YAML files (operators; a tenant's admins).",
    discussion: """
      A file holds documents parted by ---. The service judges all of them before any is applied, \
      and every mistake is told with its line. What is so already stays as it is, so applying twice \
      is safe. Pending requests keep the settings they were opened with. Editors check files by \
      deploy/schema/lockbox.schema.json.

        kind: Tenant
        tenant_id: acme
        display_name: Acme Corporation
        lockbox_enabled: true
        request_lifetime: 12h
        longest_access: 4h
        approvers: {groups: [approvers], quorum: 1}
        contacts: [lockbox@acme.test]
        break_glass: {reasons: [production_alert], longest_access: 30m}
        ---
        kind: Policy
        workload: exchange
        stages:
          - name: managers
            lifetime: 12h
            approvers: {groups: [managers], quorum: 2}
        break_glass: {approvers: {groups: [duty], quorum: 2}}

      With `if_version: 3` a document is applied only where version 3 stands (0: none yet).

      EXAMPLES
        lockboxctl apply -f tenants.yaml -f policies.yaml --dry-run
        lockboxctl apply -f settings/
        cat tenants.yaml | lockboxctl apply -f -
      """)

  @OptionGroup var source: SettingsSource
  @Flag(help: "Let the service judge the files and tell what would change; change nothing.")
  var dryRun = false
  @Flag(help: "Only read the files; ask no service.") var check = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if check && dryRun { throw ValidationError("--check asks nobody; --dry-run does: give one.") }
  }

  func run(in shell: Shell) async throws {
    let documents = try source.read(shell)
    if check {
      for document in documents { shell.print("\(document.name)  valid") }
      return
    }
    let session = try Session(options, in: shell)
    do {
      let answers = try await session.judge(documents)
      for (document, answer) in zip(documents, answers) {
        if dryRun || !answer.isChange {
          try session.printer.print(answer, isOnlyJudged: dryRun)
        } else {
          try await apply(document, judged: answer, session)
        }
      }
    } catch {
      await session.close()
      throw error
    }
    await session.close()
  }

  /// Only over what the service has judged: not over what somebody else applied meanwhile.
  private func apply(
    _ document: SettingsDocument, judged: SettingsAnswer, _ session: Session
  ) async throws {
    let answer: SettingsAnswer
    do throws(RPCError) {
      answer = try await session.apply(
        document.content, ifVersion: judged.previous?.version ?? 0, validateOnly: false)
    } catch {
      let failure = Failure(error, from: .approvals, session.configuration)
      throw Failure(
        failure.status,
        "\(document.name) was not applied, nor what follows it: \(failure.sentence)",
        details: failure.details)
    }
    try session.printer.print(answer, isOnlyJudged: false)
  }
}

extension Printer {
  /// What became of settings, or would become of them: then with every field that differs.
  func print(_ answer: SettingsAnswer, isOnlyJudged: Bool) throws(Failure) {
    let differences = isOnlyJudged ? try answer.differences() : []
    let lines = {
      let version = answer.current.version
      let would = isOnlyJudged ? "would be " : ""
      let word =
        !answer.isChange
        ? Styled("unchanged", .faint)
        : version == 1 ? Styled("\(would)created", .good) : Styled("\(would)changed", .waiting)
      return ["\(answer.current.content.name)  \(word.painted(style))  version \(version)"]
        + differences.map { "  " + $0.line.painted(style) }
    }
    try result(answer.message, human: lines)
  }
}
