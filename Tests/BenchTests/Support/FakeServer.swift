internal import ArgumentParser
internal import RPC
internal import Synchronization

@testable internal import lockbox_bench

/// A server in a simulation: takes its time, and stalls when it is told to.
final class FakeServer: Sendable {
  private struct State {
    var freeAt = Instant(nanoseconds: 0)
    var begun: [Instant] = []
  }
  private let state = Mutex(State())
  private let clock: Simulation
  private let start: Instant
  private let service: Duration
  private let workers: Int
  private let stall: Range<Duration>?

  /// - Parameters:
  ///   - service: how long a call takes.
  ///   - isSerial: whether one call is served after the other, or all at once.
  ///   - stall: when nothing is answered, from the beginning of the simulation.
  init(
    _ clock: Simulation, service: Duration, isSerial: Bool = false, stall: Range<Duration>? = nil
  ) {
    self.clock = clock
    start = clock.now
    self.service = service
    workers = isSerial ? 1 : .max
    self.stall = stall
  }

  /// When calls came, from the beginning of the simulation.
  var begun: [Duration] { state.withLock { $0.begun.map { $0 - start } } }

  func serve() async {
    let now = clock.now
    let done = state.withLock { state in
      state.begun.append(now)
      var from = workers == 1 ? max(now, state.freeAt) : now
      if let stall, (stall.lowerBound..<stall.upperBound).contains(from - start) {
        from = start + stall.upperBound
      }
      state.freeAt = from + service
      return state.freeAt
    }
    await clock.sleep(until: done)
  }

  var scenario: Scenario { Scenario(name: "serve") { _ throws(RPCError) in await self.serve() } }
}

/// Runs load in a simulation, and reports it.
struct Trial {
  let clock = Simulation()
  let stop = StopFlag()

  func report(_ mix: Mix, _ flags: String, lanes: Int = 1) async throws -> Report {
    let options = try LoadOptions.parse(
      flags.split(separator: " ").map(String.init) + ["--warm-up", "0"])
    let plan = options.plan(seed: 1)
    let recorder = Recorder(mix, phases: plan.phaseCount, shards: lanes)
    let all = (0..<lanes).map { Lane(executor: clock, clock: clock, pacer: $0) }
    let load = Load(plan, mix, recorder, lanes: all, stop: stop)
    try await clock.run { await load.run() }
    var report = Report("trial, \(options.title)", recorder)
    report.isOpenLoop = options.rate != nil
    report.isInterrupted = stop.isSet
    return report
  }
}

/// Milliseconds of a percentile.
func percentile(_ percent: Double, _ samples: Samples) -> Double {
  samples.percentile(percent).map { $0 / .milliseconds(1) } ?? -1
}
