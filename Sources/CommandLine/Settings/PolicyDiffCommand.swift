internal import ArgumentParser
internal import Words

struct PolicyDiffCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what applying files would change, field by field.",
    discussion: """
      The service judges the files as apply would have it do; nothing changes. Exits with 0 where \
      the files are what stands, and with 2 where they would change something.

      EXAMPLES
        lockboxctl policy diff -f policies.yaml
        lockboxctl policy diff -f settings/ --output json | jq '.differences[].field'
      """)

  @OptionGroup var source: SettingsSource
  @OptionGroup var options: GlobalOptions

  func run(in shell: Shell) async throws {
    let documents = try source.read(shell)
    let session = try Session(options, in: shell)
    do {
      try await run(documents, session)
    } catch {
      await session.close()
      throw error
    }
    await session.close()
  }

  private func run(_ documents: [SettingsDocument], _ session: Session) async throws {
    let answers = try await session.judge(documents)
    for answer in answers {
      switch session.printer.format {
      case .table: try session.printer.print(answer, isOnlyJudged: true)
      case .json:
        session.shell.print(
          JSONText.object([
            ("document", JSONText.string(answer.current.content.name)),
            ("changed", "\(answer.isChange)"),
            ("version", "\(answer.previous?.version ?? 0)"),
            ("differences", JSONText.array(try answer.differences().map(\.json))),
          ]))
      }
    }
    let changed = answers.count(where: \.isChange)
    guard changed == 0 else {
      throw Failure(.changes, "\(changed) of \(answers.count) documents would change something.")
    }
  }
}
