public import ArgumentParser

/// The flags that every service takes.
public struct ServiceOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The YAML configuration file.", valueName: "file"))
  public var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "One setting, over the file's and the environment's (LOCKBOX_…): --set log.level=debug",
      valueName: "key=value"))
  public var settings: [String] = []

  @Flag(help: "Check the configuration, the certificates and the issuers, then exit.")
  public var check = false

  public init() {}
}
