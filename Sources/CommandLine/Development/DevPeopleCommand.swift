internal import ArgumentParser
internal import Words

struct DevPeopleCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "people",
    abstract: "List the people that --as NAME can be.",
    discussion: """
      EXAMPLES
        lockboxctl dev people
        lockboxctl list --as mia
      """)

  @OptionGroup var directory: DirectoryOption
  @OptionGroup var output: OutputOptions

  func run(in shell: Shell) async throws {
    let people = try PeopleFile.read(directory.value.people)
    let printer = Printer(shell, output)
    switch output.output {
    case .json: people.map(json).forEach(shell.print)
    case .table:
      var table = Table("NAME", "PERSON", "OF", "ROLES", "GROUPS")
      for person in people {
        table.add(
          Styled(person.name), Styled(person.displayName), Styled(person.issuer.name),
          Styled(person.roles.joined(separator: ", ")),
          Styled(person.groups.joined(separator: ", ")))
      }
      table.lines(printer.style).forEach(shell.print)
    }
  }

  private func json(_ person: DevelopmentPerson) -> String {
    JSONText.object([
      ("name", JSONText.string(person.name)), ("issuer", JSONText.string(person.issuer.url)),
      ("subject", JSONText.string(person.subject)),
      ("displayName", JSONText.string(person.displayName)),
      ("roles", JSONText.array(person.roles.map(JSONText.string))),
      ("groups", JSONText.array(person.groups.map(JSONText.string))),
    ])
  }
}
