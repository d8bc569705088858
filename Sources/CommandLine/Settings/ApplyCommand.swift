internal import ArgumentParser
internal import Domain
internal import Files
internal import LockboxProto

struct ApplyCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Set tenants and policies from YAML files (operators; a tenant's admins).",
    discussion: """
      A file holds documents parted by ---. All files are read and checked before anything is \
      applied; what is so already stays as it is, so applying twice is safe. Pending requests keep \
      the settings they were opened with.

        kind: Tenant
        tenant_id: acme
        display_name: Acme Corporation
        lockbox_enabled: true
        request_lifetime: 12h
        longest_access: 4h
        approvers: {groups: [approvers], quorum: 1}
        contacts: [lockbox@acme.test]
        break_glass: {reasons: [production-alert], longest_access: 30m}
        ---
        kind: Policy
        workload: exchange
        stages:
          - name: managers
            lifetime: 12h
            approvers: {groups: [managers], quorum: 2}
        break_glass: {approvers: {groups: [duty], quorum: 2}}

      EXAMPLES
        lockboxctl apply -f tenants.yaml -f policies.yaml --dry-run
        lockboxctl apply -f tenants.yaml
        cat tenants.yaml | lockboxctl apply -f -
      """)

  @Option(
    name: [.short, .customLong("file")], parsing: .singleValue,
    help: "YAML file, - for standard input; may be repeated.",
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]
  @Flag(help: "Check the files only; ask no service.") var dryRun = false
  @OptionGroup var options: GlobalOptions

  func run(in shell: Shell) async throws {
    let documents = try read(shell)
    if dryRun {
      for document in documents { shell.print("\(document.name)  valid") }
      return
    }
    let session = try Session(options, in: shell)
    do {
      for document in documents { try await apply(document, session) }
    } catch {
      await session.close()
      throw error
    }
    await session.close()
  }

  private func read(_ shell: Shell) throws(Failure) -> [SettingsDocument] {
    var documents: [SettingsDocument] = []
    for file in files {
      let text =
        file == "-"
        ? String(decoding: try shell.readInput(), as: UTF8.self)
        : try YamlFile.text(file, status: .data)
      documents += try SettingsFile.parse(text, file: file == "-" ? "standard input" : file)
    }
    var names: Set<String> = []
    for document in documents where !names.insert(document.name).inserted {
      throw Failure(.data, "Nothing was applied: \(document.name) stands twice.")
    }
    guard !documents.isEmpty else { throw Failure(.data, "The files hold no documents.") }
    return documents
  }

  private func apply(_ document: SettingsDocument, _ session: Session) async throws {
    switch document {
    case .tenant(let settings):
      let response = try await session.call(
        ApprovalsV1.TenantService.applyTenant, .init(settings: settings.message), at: .approvals)
      try session.printer.result(response) {
        [line(document, changed: response.changed, version: response.tenant?.version, session)]
      }
    case .policy(let policy):
      let response = try await session.call(
        ApprovalsV1.PolicyService.applyPolicy, .init(policy: policy.message), at: .approvals)
      try session.printer.result(response) {
        [line(document, changed: response.changed, version: response.policy?.version, session)]
      }
    }
  }

  private func line(
    _ document: SettingsDocument, changed: Bool, version: UInt64?, _ session: Session
  ) -> String {
    let word =
      !changed
      ? Styled("unchanged", .faint)
      : version == 1 ? Styled("created", .good) : Styled("changed", .waiting)
    return "\(document.name)  \(word.painted(session.printer.style))  version \(version ?? 0)"
  }
}
