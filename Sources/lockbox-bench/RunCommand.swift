internal import ArgumentParser
internal import CommandLine
internal import NIOPosix

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Puts load on running services and measures what comes back.",
    discussion: """
      CLOSED LOOP (--callers): each caller starts its next operation when the last one has ended.
      It tells what the services can take. Its latencies flatter: while a service stalls, the
      callers wait and do not even begin the operations that would have been slow (coordinated
      omission).

      OPEN LOOP (--rate): operations begin at fixed intervals whatever the services do, and each
      latency counts from the moment at which its operation should have begun. It tells what
      people feel at that load. When the rate is more than the services can take, latencies grow
      for as long as it lasts: that is the truth.

      Percentiles are of operations that succeeded; failures are counted by gRPC status. What
      begins during the warm-up is not measured. Ctrl-C ends the load and prints what was measured.

      EXAMPLES
        lockbox-bench run --scenario health --callers 256 --connections 8
        lockbox-bench run --scenario submit --callers 64 --seconds 10 --warm-up 2
        lockbox-bench run --scenario life --rate 20 --count 500 --output json
      """)

  @Option(
    help: "ctl.yaml with the services' addresses; else as lockboxctl finds it.",
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?
  @Option(help: "What one operation is. \(ScenarioName.help)")
  var scenario = ScenarioName.submit
  @OptionGroup var people: People
  @OptionGroup var load: LoadOptions
  @Option(help: "Connections to each service; the load is spread over them in turn.")
  var connections = 4
  @Option(help: "text for people, json for programs.")
  var output = OutputFormat.text

  func validate() throws {
    guard (1...1_000).contains(connections) else {
      throw ValidationError("--connections must be between 1 and 1000.")
    }
  }

  func run() async throws {
    let services = try Services(
      ServiceAccess(configuration: config), connections: connections,
      on: MultiThreadedEventLoopGroup.singleton)
    let recorder = Recorder()
    let operation = try scenario.operation(people, services, recorder)
    let report = await Load(load, recorder, executors: services.executors).run(operation)
    await services.close()
    print(report.text(output, title: "\(scenario.rawValue), \(load.description)"))
    if report.succeeded == 0 { throw ExitCode(1) }
  }
}

/// Who acts in a scenario: a name of the development issuers, or `@FILE` with a bearer token.
struct People: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: "The engineer: a name of the development issuers, or @FILE with a bearer token.")
  var engineer = "erin"
  @Option(help: "A manager; as often as the policy's stages need.")
  var manager = ["max", "mia"]
  @Option(help: "The customer's approver.")
  var approver = "ana"
  @Option(help: "The tenant that is asked.")
  var tenant = "acme"
  @Option(help: "The workload.")
  var workload = "exchange"
}

enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}
