internal import ArgumentParser
internal import RPC
internal import Synchronization
internal import Testing

@testable internal import lockbox_bench

@Suite("Closed loop")
struct ClosedLoopTests {
  @Test(
    "a counted load runs every operation once, in either loop",
    arguments: ["--callers 7", "--rate 20000"])
  func counts(loop: String) async throws {
    let seen = Seen()
    let mix = Mix(
      Scenario(name: "count") { call throws(RPCError) in
        seen.numbers.withLock { $0.append(call.number) }
      })
    let report = try await Trial().report(mix, loop + " --count 100", lanes: 3)
    #expect(seen.numbers.withLock { $0.sorted() } == Array(0..<100))
    #expect(report.total.operations.succeeded == 100)
  }

  @Test("failures are counted by status and reason, and are in no percentile")
  func failures() async throws {
    let mix = Mix(
      Scenario(name: "fail") { call throws(RPCError) in
        let info = ErrorDetail.errorInfo(reason: "BROKEN", domain: "lockbox", metadata: [:])
        switch call.number % 3 {
        case 0: throw RPCError(.unavailable, "no", details: [info])
        case 1: throw RPCError(.unavailable, "none")
        default: return
        }
      })
    let operations = try await Trial().report(mix, "--callers 3 --count 30").total.operations
    #expect(operations.succeeded == 10)
    #expect(operations.failed == 20)
    #expect(
      operations.failures == [
        Samples.Cause(code: .unavailable, reason: "BROKEN"): .init(count: 10, message: "no"),
        Samples.Cause(code: .unavailable, reason: nil): .init(count: 10, message: "none"),
      ])
  }

  @Test("each caller has one operation at a time, and the rate is what the server takes")
  func rate() async throws {
    let trial = Trial()
    let server = FakeServer(trial.clock, service: .milliseconds(10))
    let report = try await trial.report(Mix(server.scenario), "--callers 5 --duration 2s")
    // The last five end with the second itself, not before it.
    #expect(report.total.achieved == 497.5)
    #expect(abs(percentile(50, report.total.operations) - 10) < 0.1)
    #expect(report.saturated == nil)
  }

  @Test("operations of the warm-up are not in the report")
  func warmUp() async throws {
    let clock = Simulation()
    let server = FakeServer(clock, service: .milliseconds(10))
    let mix = Mix(server.scenario)
    let plan = try LoadOptions.parse(["--callers", "1", "--duration", "1s", "--warm-up", "3s"])
      .plan(seed: 1)
    let recorder = Recorder(mix, phases: 1)
    let load = Load(plan, mix, recorder, lanes: [clock.lane])
    try await clock.run { await load.run() }
    #expect(server.begun.count == 400)
    #expect(recorder.recording.phases[0].rows[0].ended == 100)
  }

  private final class Seen: Sendable { let numbers = Mutex<[Int]>([]) }
}
