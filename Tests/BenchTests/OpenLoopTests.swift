internal import RPC
internal import Testing

@testable internal import lockbox_bench

@Suite("Open loop")
struct OpenLoopTests {
  @Test("a stall of one second shows in the percentiles; a closed loop hides it")
  func coordinatedOmission() async throws {
    func operations(_ flags: String) async throws -> Samples {
      let trial = Trial()
      let server = FakeServer(
        trial.clock, service: .milliseconds(1), stall: .seconds(5)..<Duration.seconds(6))
      return try await trial.report(Mix(server.scenario), flags + " --duration 10s")
        .total.operations
    }
    // A tenth of the operations was due in the stall, and waited half a second on the average: a
    // hundredth of all waited for more than 0.9 s.
    let open = try await operations("--rate 1000")
    #expect(open.succeeded == 10_000)
    #expect(abs(percentile(50, open) - 1) < 0.01)
    #expect(abs(percentile(95, open) - 501) < 5)
    #expect(abs(percentile(99, open) - 901) < 9)
    #expect(abs(percentile(100, open) - 1_001) < 10)
    // One caller sees the same stall once.
    let closed = try await operations("--callers 1")
    #expect(abs(percentile(99.9, closed) - 1) < 0.01)
    #expect(abs(percentile(100, closed) - 1_001) < 10)
  }

  @Test(
    "a constant rate is held to the operation, however many event loops share it",
    arguments: [1, 3])
  func constantRate(lanes: Int) async throws {
    let trial = Trial()
    let server = FakeServer(trial.clock, service: .milliseconds(3))
    let report = try await trial.report(
      Mix(server.scenario), "--rate 800 --duration 5s", lanes: lanes)
    #expect(report.timeline.windows.map(\.operations.succeeded) == Array(repeating: 800, count: 5))
    #expect(report.total.offered == 800)
    let begun = server.begun.sorted()
    let deviation = begun.enumerated().map { number, moment in
      abs((moment - .milliseconds(1.25) * number) / .microseconds(1))
    }.max()
    #expect(begun.count == 4_000 && deviation ?? 1 < 1)
    #expect(percentile(100, report.total.recording.delays) == 0)
  }

  @Test("random arrivals have the rate and the spread of a Poisson process", arguments: [1, 4])
  func poisson(shares: Int) {
    let seed = UInt64.random(in: 0 ... .max)
    var counts = Array(repeating: 0.0, count: 10_000)
    for share in 0..<shares {
      var arrivals = Arrivals(
        RateCurve(constant: 5_000), .poisson, seed: seed, share: share, of: shares)
      while let moment = arrivals.next(), moment < .seconds(10) {
        counts[Int(moment / .milliseconds(1))] += 1
      }
    }
    // Per millisecond a Poisson count with mean 5 and variance 5.
    let mean = counts.reduce(0, +) / 10_000
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000
    #expect(abs(mean - 5) < 0.12, "seed \(seed)")
    #expect(abs(variance - 5) < 0.5, "seed \(seed)")
  }

  @Test("the same seed gives the same arrivals")
  func seeds() {
    func moments(_ seed: UInt64) -> [Duration] {
      var arrivals = Arrivals(RateCurve(constant: 10), .poisson, seed: seed)
      return (0..<20).compactMap { _ in arrivals.next() }
    }
    #expect(moments(7) == moments(7))
    #expect(moments(7) != moments(8))
    #expect(moments(7) == moments(7).sorted())
  }

  @Test("a ramp rises evenly")
  func ramp() async throws {
    let trial = Trial()
    let server = FakeServer(trial.clock, service: .milliseconds(1))
    let report = try await trial.report(
      Mix(server.scenario), "--rate 100..1100 --ramp --duration 10s", lanes: 2)
    // Second n has 100·n + 150 operations.
    #expect(report.phases.count == 10)
    for (number, phase) in report.phases.enumerated() {
      #expect(abs(phase.offered - Double(100 * number + 150)) <= 1)
      #expect(abs(phase.achieved - phase.offered) <= 2)
    }
    #expect(abs(report.total.operations.ended - 6_000) <= 1)
    #expect(report.saturated == nil)
  }

  @Test("steps show where the server is saturated: from its own rate on")
  func steps() async throws {
    let trial = Trial()
    // One call after the other, 2 ms each: 500 a second.
    let server = FakeServer(trial.clock, service: .milliseconds(2), isSerial: true)
    let report = try await trial.report(
      Mix(server.scenario), "--rate 100..1000 --steps 10 --step-duration 4s")
    #expect(
      report.phases.map { Int($0.offered) } == Array(stride(from: 100, through: 1_000, by: 100)))
    #expect(report.phases.prefix(5).allSatisfy { abs($0.achieved - $0.offered) <= 1 })
    #expect(report.phases.suffix(5).allSatisfy { abs($0.achieved - 500) <= 1 })
    #expect(report.saturated.map { Int($0.offered) } == 600)
    // Each step begins with an empty server: after 4 s at 600/s 400 calls wait, 0.8 s long.
    #expect(abs(percentile(100, report.phases[5].operations) - 801) < 3)
    #expect(percentile(100, report.phases[4].operations) < 2.1)
  }

  @Test(
    "what exceeds the bound of operations in flight is counted and not begun", arguments: [1, 2])
  func inFlight(lanes: Int) async throws {
    let trial = Trial()
    let server = FakeServer(
      trial.clock, service: .milliseconds(1), stall: .seconds(1)..<Duration.seconds(2))
    let report = try await trial.report(
      Mix(server.scenario), "--rate 1000 --duration 3s --in-flight 50", lanes: lanes)
    // The first ones answer a millisecond after the stall, and one more is due before that.
    #expect(report.total.due == 3_000)
    #expect(report.total.recording.overflowed == 951)
    #expect(server.begun.count == 2_049)
    #expect(report.timeline.windows.map(\.overflowed) == [0, 950, 1])
    #expect(report.text.contains("951 not begun (too many in flight)"))
    #expect(report.saturated != nil)
  }

  @Test(
    "operations begin while earlier ones have not ended, and reuse the tasks of those that have")
  func overlap() async throws {
    let trial = Trial()
    let server = FakeServer(trial.clock, service: .milliseconds(50))
    let report = try await trial.report(Mix(server.scenario), "--rate 1000 --duration 1s")
    #expect(report.total.operations.succeeded == 1_000)
    #expect(abs(percentile(100, report.total.operations) - 50) < 1)
  }

  @Test("when the tool itself is late, latencies say so, and so does its own delay")
  func delay() async throws {
    let trial = Trial()
    let clock = trial.clock
    let mix = Mix(
      Scenario(name: "busy") { call throws(RPCError) in
        // The machine is taken away for 0.2 s.
        if call.number == 500 { clock.freeze(for: .milliseconds(200)) }
      })
    let report = try await trial.report(mix, "--rate 1000 --duration 1s")
    #expect(report.total.operations.succeeded == 1_000)
    #expect(abs(percentile(100, report.total.recording.delays) - 199) < 2)
    #expect(percentile(50, report.total.recording.delays) == 0)
    #expect(abs(percentile(90, report.total.operations) - 100) < 2)
  }

  @Test("a load that somebody ends reports what it has measured so far")
  func interrupted() async throws {
    let trial = Trial()
    let server = FakeServer(trial.clock, service: .milliseconds(1))
    let stop = trial.stop
    let mix = Mix(
      Scenario(name: "serve") { call throws(RPCError) in
        if call.number == 2_500 { stop.set() }
        await server.serve()
      })
    let report = try await trial.report(mix, "--rate 1000..4000 --steps 4 --step-duration 2s")
    #expect(report.phases.count == 2)
    #expect(report.phases[0].operations.succeeded == 2_000)
    #expect(report.phases[1].operations.succeeded == 501)
    #expect(abs(report.phases[1].elapsed / .milliseconds(1) - 251) < 2)
    #expect(
      report.text.hasPrefix("trial, open loop, 1000..4000/s in 4 steps of 2s (ended early)\n"))
    #expect(report.json.contains("\"interrupted\":true"))
  }
}
