internal import ArgumentParser
internal import Domain

struct DevTokenCommand: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Print a bearer token of a development issuer.",
    discussion: """
      EXAMPLES
        lockboxctl dev token --as erin
        export LOCKBOXCTL_TOKEN=$(lockboxctl dev token --as erin --lifetime 8h)
      """)

  @Option(
    name: .customLong("as"), help: "Whose; `lockboxctl dev people` lists them.",
    completion: .custom { _, _, _ in PeopleFile.namesForCompletion() })
  var person: String
  @Option(help: "How long it lives, a day at most.")
  var lifetime = TimeSpan(DevelopmentToken.usualLifetime)
  @OptionGroup var directory: DirectoryOption

  func validate() throws {
    if !(Duration.seconds(1)...Duration.hours(24)).contains(lifetime.duration) {
      throw ValidationError("--lifetime must be between 1s and 24h: services take no longer ones.")
    }
  }

  func run(in shell: Shell) async throws {
    shell.print(
      try DevelopmentToken.mint(
        for: person, in: directory.directory, now: shell.now, lifetime: lifetime.duration))
  }
}
