internal import RPC

@testable internal import lockbox_bench

/// Runs that are worth a report, the same each time.
enum Story {
  /// Two scenarios, one of which stalls and fails.
  static func mixed() async throws -> Report {
    let trial = Trial()
    let server = FakeServer(
      trial.clock, service: .microseconds(800), stall: .seconds(5)..<Duration.seconds(6))
    let read = Scenario(name: "get", method: "/test.v1.Test/Get") { _ throws(RPCError) in
      await server.serve()
    }
    let write = Scenario(name: "life", steps: [("submit", "/test.v1.Test/Submit")]) {
      call throws(RPCError) in
      try await call.step("submit") { () async throws(RPCError) in await server.serve() }
      if call.number % 50 == 0 {
        let info = ErrorDetail.errorInfo(reason: "STORAGE_FULL", domain: "test", metadata: [:])
        throw RPCError(.resourceExhausted, "the disk is \"full\" & <slow>", details: [info])
      }
    }
    var report = try await trial.report(
      Mix([(read, 3), (write, 1)]),
      "--rate 200 --arrivals poisson --seed 7 --duration 12s --in-flight 150")
    report.seed = 7
    report.processorTime = .milliseconds(31)
    return report
  }

  /// A server that takes 3,300 calls a second, asked for ever more.
  static func steps() async throws -> Report {
    let trial = Trial()
    let server = FakeServer(trial.clock, service: .microseconds(303), isSerial: true)
    return try await trial.report(
      Mix(server.scenario),
      "--rate 500..5000 --steps 10 --step-duration 2s --arrivals poisson --seed 3")
  }

  /// Nothing succeeds.
  static func broken() async throws -> Report {
    let mix = Mix(
      Scenario(name: "broken") { _ throws(RPCError) in throw RPCError(.unavailable, "down") })
    return try await Trial().report(mix, "--rate 10 --duration 3s")
  }
}
