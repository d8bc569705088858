internal import ArgumentParser

/// What every command that talks to the services takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    help:
      "Configuration file; else $LOCKBOXCTL_CONFIG, ./.lockbox/ctl.yaml or the one in ~/.config.",
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Option(
    name: .customLong("as"),
    help: "Act as a person of the development issuers (development only).",
    completion: .custom { _, _, _ in PeopleFile.namesForCompletion() })
  var person: String?

  @Option(help: "File with the bearer token; else $LOCKBOXCTL_TOKEN.", completion: .file())
  var tokenFile: String?

  @Option(help: "How long a call may take.")
  var timeout = TimeSpan(.seconds(10))

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if person != nil && tokenFile != nil {
      throw ValidationError("--as and --token-file both say who you are: give one of them.")
    }
    if timeout.duration <= .zero { throw ValidationError("--timeout must be longer than 0.") }
  }
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
  @Option(help: "table for people, json (protobuf's canonical JSON) for programs.")
  var output = Format.table

  @Flag(help: "No colour, even on a terminal. NO_COLOR in the environment does the same.")
  var noColor = false

  enum Format: String, Sendable, Hashable, CaseIterable, ExpressibleByArgument {
    case table, json
  }
}
