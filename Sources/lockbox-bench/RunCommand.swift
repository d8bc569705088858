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

      OPEN LOOP (--rate): operations begin when they are due whatever the services do, and each
      latency counts from the moment at which its operation should have begun. It tells what
      people feel at that load. When the rate is more than the services can take, latencies grow
      for as long as it lasts: that is the truth. What is due while --in-flight operations have not
      ended is not begun, and counted as such.

      RANGES (--rate 100..5000 with --steps or --ramp) show latency against load, and the load from
      which less than 95 % of what is offered succeeds in time. Each step begins when the operations
      of the one before have ended.

      Percentiles are of operations that succeeded; failures are counted by gRPC status and reason.
      What begins during the warm-up is not measured. Ctrl-C ends the load and prints what was
      measured; what is in flight then has two seconds to end.

      EXAMPLES
        lockbox-bench run --scenario health --callers 256 --connections 8
        lockbox-bench run --scenario submit=8 --scenario get=2 --rate 500 --arrivals poisson
        lockbox-bench run --rate 100..5000 --steps 10 --step-duration 5s --chart load.svg
        lockbox-bench run --scenario life --rate 20 --count 500 --output json
        lockbox-bench run --scenario health --target h1:7401,h2:7401 --authorities ca.pem
        lockbox-bench run --scenario call --method bench.Echo/Say --message request.bin \\
          --target localhost:7443 --authorities ca.pem --rate 20000
      """)

  @Option(help: ScenarioName.help, transform: ScenarioShare.init(parsing:))
  var scenario: [ScenarioShare] = []
  @OptionGroup var targets: TargetOptions
  @OptionGroup var method: MethodOptions
  @OptionGroup var people: People
  @OptionGroup var load: LoadOptions
  @Option(help: "text for people, json for programs.")
  var output = OutputFormat.text
  @Option(
    help: "Also draws latency over time, and against load, into this SVG file.",
    completion: .file(extensions: ["svg"]))
  var chart: String?

  /// What is in flight at Ctrl-C has so long to end.
  private static let patience = Duration.seconds(2)

  private var shares: [ScenarioShare] { scenario.isEmpty ? [ScenarioShare(.submit)] : scenario }

  func validate() throws {
    try ScenarioShare.check(shares)
    try method.check(isCalled: shares.contains { $0.name == .call })
    if let chart { try ChartFile.check(chart) }
  }

  func run() async throws {
    let services = try Services(
      targets, servers: shares.reduce(into: []) { $0.formUnion($1.name.servers) },
      on: MultiThreadedEventLoopGroup.singleton)
    let mix = Mix(try shares.map { (try $0.name.scenario(people, services, method), $0.weight) })
    try await mix.prepare()
    let report = await measure(mix, services.lanes)
    await services.close()
    print(report.text(output))
    if let chart { try ChartFile.write(report.chart, to: chart) }
    if report.total.operations.succeeded == 0 { throw ExitCode(1) }
  }

  private func measure(_ mix: Mix, _ lanes: [Lane]) async -> Report {
    let plan = load.plan(seed: .random(in: 0..<1 << 32))
    let recorder = Recorder(
      mix, phases: plan.phaseCount, shards: (lanes.map(\.pacer).max() ?? 0) + 1)
    let stop = StopFlag()
    let running = Load(plan, mix, recorder, lanes: lanes, stop: stop)
    let task = Task { await running.run() }
    let signals = stop.onInterrupt(patience: Self.patience) { task.cancel() }
    let progress = Task { await Progress(recorder).run() }
    await task.value
    signals.cancel()
    progress.cancel()
    await progress.value

    var report = Report("\(ScenarioShare.title(shares)), \(load.title)", recorder)
    let isRandom = load.arrivals == .poisson || shares.count > 1
    report.seed = isRandom ? plan.seed : nil
    report.isOpenLoop = load.rate != nil
    report.isInterrupted = stop.isSet
    report.processorTime = recorder.processorTime
    return report
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
