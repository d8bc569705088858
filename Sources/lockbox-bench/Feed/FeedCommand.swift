internal import ArgumentParser
internal import CommandLine
internal import Domain
internal import Glibc
internal import Logging
internal import NIOPosix
internal import RPC
internal import ServiceKit
internal import Storage
internal import TLS

struct FeedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feed",
    abstract: "How long a commit at intake takes to be committed by a consumer of its feed.",
    discussion: """
      Submits requests in an open loop, follows intake's feed as a service does, and commits each \
      batch with its cursor into a database of its own. The latency of an event runs from its time, \
      which intake takes before it commits, to the end of the consumer's commit: both disks' syncs \
      are in it.

      EXAMPLE
        lockbox-bench feed --rate 50 --duration 10s --certificate .lockbox/certificates/audit.pem \\
          --key .lockbox/certificates/audit.key --authorities .lockbox/ca/ca.pem
      """)

  @Option(help: "ctl.yaml with the services' addresses; else as lockboxctl finds it.")
  var config: String?
  @OptionGroup var people: People
  @Option(help: "Requests submitted per second.")
  var rate = 50.0
  @Option(help: "How long to measure. The default: 10s.", transform: TimeText.parse)
  var duration: Duration?
  @OptionGroup var consumer: ConsumerOptions
  @Option(help: "Where the consumer's database is made, and deleted afterwards.")
  var directory = "."
  @Option(help: "text for people, json for programs.")
  var output = OutputFormat.text

  func validate() throws {
    guard RateRange.limits.contains(rate) else {
      throw ValidationError("--rate \(rate) is out of range: write 0.01 to 1000000.")
    }
  }

  func run() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let targets = try TargetOptions.parse(
      ["--connections", "1"] + (config.map { ["--config", $0] } ?? []))
    let services = try Services(targets, servers: [.intake], on: group)
    let follower = try Follower(
      client: consumer.client(on: group), path: "\(directory)/lockbox-bench-\(getpid()).db")
    let pace = Segment.Pace.open(RateCurve(constant: rate), .constant)
    let segment = Segment(pace: pace, duration: duration ?? .seconds(10), phases: 0..<1)
    let mix = Mix(try Submissions(people, services).scenario)
    let recorder = Recorder(mix, phases: 1)

    let following = Task { await follower.run() }
    try await follower.caughtUp()
    await Load(LoadPlan(segments: [segment]), mix, recorder, lanes: services.lanes).run()
    try await follower.caughtUp()
    following.cancel()
    await following.value
    await follower.close()
    await services.close()

    let report = Report(
      "commit to consumer's commit at \(RateRange.text(rate)) submits/s", recorder,
      measured: Mix.Row(name: "event", method: nil, isStep: false), follower.samples)
    print(report.text(output))
  }
}

/// As whom the feed is followed.
struct ConsumerOptions: ParsableArguments {
  @Option(help: "Intake's service listener.")
  var intakeService = "127.0.0.1:7501"
  @Option(help: "Certificate of a service that may follow intake's feed.")
  var certificate = ".lockbox/certificates/audit.pem"
  @Option(help: "Its key.")
  var key = ".lockbox/certificates/audit.key"
  @Option(help: "The authorities that vouch for services.")
  var authorities = ".lockbox/ca/ca.pem"
  @Option(help: "The authority part of the services' SPIFFE ids.")
  var trustDomain = "lockbox.test"

  func client(on group: MultiThreadedEventLoopGroup) throws -> RPCClient {
    guard let target = RPCTarget(intakeService, name: "intake") else {
      throw ValidationError("--intake-service must be an address such as 127.0.0.1:7501.")
    }
    let tls = try TLSContext(
      .client(
        trustRootsFile: authorities,
        identity: TLSConfiguration.Identity(chainFile: certificate, keyFile: key)))
    return RPCClient(
      target: target, tls: tls,
      expecting: .uri(ServiceName.intake.spiffeID(in: trustDomain)), eventLoopGroup: group)
  }
}
