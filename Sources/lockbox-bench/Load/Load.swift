internal import RPC
internal import Synchronization

/// Runs the operations of a mix, segment after segment, in a closed or an open loop.
final class Load: Sendable {
  let plan: LoadPlan
  let mix: Mix
  let recorder: Recorder
  let lanes: [Lane]
  let stop: StopFlag
  /// In flight in an open loop.
  let inFlight = Atomic(0)
  /// Measured operations begun, for a load that is counted.
  private let counted = Atomic(0)
  private let begun = Atomic(0)

  /// Until somebody looks whether the load is to end.
  static let glance = Duration.milliseconds(100)

  init(
    _ plan: LoadPlan, _ mix: Mix, _ recorder: Recorder, lanes: [Lane] = [.any],
    stop: StopFlag = StopFlag()
  ) {
    self.plan = plan
    self.mix = mix
    self.recorder = recorder
    self.lanes = lanes
    self.stop = stop
  }

  /// Returns when the last operation has ended. What was measured is with the recorder.
  func run() async {
    for (number, segment) in plan.segments.enumerated() where !stop.isSet {
      let running = RunningSegment(segment, begin: lanes[0].clock.now)
      if segment.isMeasured { recorder.begin(segment, at: running.begin) }
      switch segment.pace {
      case .closed(let callers): await closed(callers, running)
      case .open(let curve, let spacing):
        await open(curve, spacing, running, seed: plan.seed &+ UInt64(number))
      }
      if segment.isMeasured { recorder.end(segment, at: lanes[0].clock.now) }
    }
  }

  private func closed(_ callers: Int, _ segment: RunningSegment) async {
    await withDiscardingTaskGroup { group in
      for caller in 0..<callers {
        let lane = caller % lanes.count
        group.addTask(executorPreference: lanes[lane].executor) { [self] in
          let clock = lanes[lane].clock
          var random = SeededGenerator(seed: plan.seed &+ UInt64(caller))
          while mayBegin(at: clock.now, segment) {
            let scenario = mix.pick(using: &random)
            let succeeded = await run(scenario, lane, due: clock.now, segment)
            // Nothing is measured by failing as fast as the processor can.
            if !succeeded { await clock.sleep(for: .milliseconds(1)) }
          }
        }
      }
    }
  }

  /// Runs one operation and records how it ended.
  @discardableResult
  func run(_ scenario: Int, _ lane: Int, due: Instant, _ segment: RunningSegment) async -> Bool {
    let clock = lanes[lane].clock
    let call = Call(
      number: begun.wrappingAdd(1, ordering: .relaxed).oldValue, lane: lane, scenario: scenario,
      due: due, segment: segment, clock: clock, recorder: recorder)
    let start = clock.now
    do throws(RPCError) {
      try await mix.scenarios[scenario].run(call)
      recorder.record(call, begun: start, ended: clock.now, nil)
      return true
    } catch {
      recorder.record(call, begun: start, ended: clock.now, error)
      return false
    }
  }

  /// Whether an operation that is due at a moment is to begin.
  func mayBegin(at due: Instant, _ segment: RunningSegment) -> Bool {
    if stop.isSet { return false }
    if let end = segment.end, due >= end { return false }
    guard let count = plan.count, segment.phase(at: due) != nil else { return true }
    return counted.wrappingAdd(1, ordering: .relaxed).oldValue < count
  }
}
