internal import ArgumentParser
internal import Foundation
internal import NIOPosix
internal import ProtobufC
internal import RPC
internal import TLS
internal import Testing

@testable internal import lockbox_bench

/// Load on real servers that are not Lockbox's.
@Suite("Targets", .timeLimit(.minutes(2)))
struct TargetTests {
  private let pki: HealthPKI

  init() throws { pki = try HealthPKI() }

  private func report(
    _ targets: [String], _ load: String, calling method: [String] = []
  ) async throws -> Report {
    let options = try TargetOptions.parse(targets + ["--authorities", pki.path("ca.pem")])
    let services = try Services(options, servers: [], on: MultiThreadedEventLoopGroup.singleton)
    let name = method.isEmpty ? ScenarioName.health : .call
    let mix = Mix(try name.scenario(People.parse([]), services, MethodOptions.parse(method)))
    let loadOptions = try LoadOptions.parse(
      load.split(separator: " ").map(String.init) + ["--warm-up", "0"])
    let plan = loadOptions.plan(seed: 1)
    let recorder = Recorder(mix, phases: plan.phaseCount, shards: 2)
    await Load(plan, mix, recorder, lanes: services.lanes).run()
    await services.close()
    return Report("targets", recorder)
  }

  @Test(
    "load is spread evenly over all addresses, in either loop",
    arguments: ["--callers 12 --count 1200", "--rate 4000 --count 1200"])
  func spread(load: String) async throws {
    let servers = [
      try await HealthServer(pki), try await HealthServer(pki), try await HealthServer(pki),
    ]
    let flags = [
      "--connections", "2", "--target", "\(servers[0].address),\(servers[1].address)",
      "--target", servers[2].address,
    ]
    let total = try await report(flags, load).total
    #expect(total.operations.succeeded == 1_200 && total.operations.failed == 0)
    #expect(servers.reduce(0) { $0 + $1.callCount } == 1_200)
    // An open loop goes round; callers on a quick connection get further than others.
    let share = load.hasPrefix("--rate") ? 390...410 : 1...1_198
    for server in servers { #expect(share.contains(server.callCount)) }
    for server in servers { try await server.end() }
  }

  @Test("errors are told apart by status and by the reason in ErrorInfo")
  func errors() async throws {
    let server = try await HealthServer(pki) { call in
      guard call.isMultiple(of: 3) else { return }
      throw RPCError(
        .resourceExhausted, "busy",
        details: [
          .errorInfo(
            reason: call.isMultiple(of: 2) ? "QUOTA" : "OVERLOAD", domain: "test", metadata: [:])
        ])
    }
    let operations = try await report(["--target", server.address], "--callers 4 --count 60")
      .total.operations
    #expect(operations.succeeded == 40)
    #expect(
      operations.failures == [
        Samples.Cause(code: .resourceExhausted, reason: "QUOTA"): .init(count: 10, message: "busy"),
        Samples.Cause(code: .resourceExhausted, reason: "OVERLOAD"):
          .init(count: 10, message: "busy"),
      ])
    try await server.end()
  }

  @Test("any unary method is called, with the bytes of a file for a request")
  func anyMethod() async throws {
    let server = try await HealthServer(pki)
    let file = pki.path("request.bin")
    // HealthCheckRequest{service: "left"}; the server knows "" and "right".
    func called(_ bytes: [UInt8]) async throws -> Samples {
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      return try await report(
        ["--target", server.address], "--callers 2 --count 20",
        calling: ["--method", "grpc.health.v1.Health/Check", "--message", file]
      ).total.operations
    }
    #expect(try await called([]).succeeded == 20)
    let name = Array("right".utf8)
    #expect(try await called([10, UInt8(name.count)] + name).succeeded == 20)
    let other = try await called([10, 4] + Array("left".utf8))
    #expect(other.failures.map(\.key.code) == [.notFound] && other.failed == 20)
    #expect(server.callCount == 60)
    try await server.end()
  }

  @Test(
    "bytes are sent as they are, whatever their fields are",
    arguments: [
      [], [8, 1], [8, 0x96, 1, 18, 3, 97, 98, 99], [0xfa, 0x7f, 2, 1, 2], [13, 1, 2, 3, 4],
      [0xf8, 0xff, 0xff, 0xff, 0x0f, 5],
    ])
  func rawMessage(bytes: [UInt8]) throws {
    #expect(try RawMessage(bytes)?.serialized() == bytes)
  }

  @Test(
    "what begins with no field is no message",
    arguments: [[0], [0xff], [0x88, 0, 1], [7, 1], [0xff, 0xff, 0xff, 0xff, 0xff, 1]])
  func notAMessage(bytes: [UInt8]) {
    #expect(RawMessage(bytes) == nil)
  }

  @Test("a server with a SPIFFE id that demands a certificate is reached with one")
  func mutual() async throws {
    let server = try await HealthServer(pki, clients: .required)
    let identity = [
      "--certificate", pki.path("client.pem"), "--key", pki.path("client.key"),
      "--server-name", HealthPKI.uri, "--target", server.address,
    ]
    let served = try await report(identity, "--callers 1 --count 5")
    #expect(served.total.operations.succeeded == 5)
    let refused = try await report(["--target", server.address], "--callers 1 --count 1")
    #expect(refused.total.operations.failures.keys.map(\.code) == [.unavailable])
    try await server.end()
  }

  @Test("Ctrl-C half-way prints what was measured so far, and draws it")
  func interrupt() async throws {
    let server = try await HealthServer(pki)
    let chart = pki.path("load.svg")
    let program = try Program([
      "run", "--scenario", "health", "--target", server.address, "--authorities",
      pki.path("ca.pem"), "--rate", "200", "--duration", "1h", "--warm-up", "0", "--output", "json",
      "--chart", chart,
    ])
    while server.callCount < 200 { try await Task.sleep(for: .milliseconds(10)) }
    program.interrupt()
    let (status, output) = await program.end()
    #expect(status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    #expect(object["interrupted"] as? Bool == true)
    #expect((200...server.callCount).contains(object["succeeded"] as? Int ?? 0))
    #expect((object["seconds"] as? Double ?? 0) < 110)
    #expect(try String(contentsOfFile: chart, encoding: .utf8).hasSuffix("</svg>\n"))
    try await server.end()
  }

  @Test("a wrong flag ends the program with one sentence, and nothing was called")
  func usage() async throws {
    let (status, output) = try await Program(["run", "--rate", "5..1", "--ramp"]).end()
    #expect(status == 64)
    #expect(
      output.hasPrefix(
        "Error: The value '5..1' is invalid for '--rate <rate>': a range rises: write 100..5000.\n")
    )
  }
}
