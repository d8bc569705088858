internal import RPC
internal import Synchronization

// The open loop. One task an event loop sleeps until the next operation is due, begins all that are
// due by then, and sleeps again: one timer, however many operations there are.

extension Load {
  /// After so many operations without a pause the event loop gets its turn.
  private static let burst = 256

  func open(
    _ curve: RateCurve, _ spacing: Arrivals.Spacing, _ segment: RunningSegment, seed: UInt64
  ) async {
    let pacers = Dictionary(grouping: lanes.indices) { lanes[$0].pacer }.values
      .sorted { $0[0] < $1[0] }
    await withDiscardingTaskGroup { group in
      for (share, own) in pacers.enumerated() {
        group.addTask(executorPreference: lanes[own[0]].executor) { [self] in
          let arrivals = Arrivals(
            curve, spacing, seed: seed, share: share, of: pacers.count)
          let random = SeededGenerator(seed: ~seed &+ UInt64(share))
          await pace(arrivals, over: own, segment, random)
        }
      }
    }
  }

  /// Begins the operations of one share of the arrivals on its lanes, in turn.
  private func pace(
    _ arrivals: Arrivals, over own: [Int], _ segment: RunningSegment, _ random: SeededGenerator
  ) async {
    var arrivals = arrivals
    var random = random
    let clock = lanes[own[0]].clock
    let crew = Crew(lanes: lanes.count)
    await withDiscardingTaskGroup { group in
      var turn = 0
      while let offset = arrivals.next() {
        let due = segment.begin + offset
        // What is due after the end never is, but the segment lasts until then.
        guard await wait(until: min(due, segment.end ?? due), clock), mayBegin(at: due, segment)
        else { break }
        let arrival = Crew.Arrival(
          due: due, scenario: mix.pick(using: &random), lane: own[turn % own.count])
        turn += 1
        if inFlight.wrappingAdd(1, ordering: .relaxed).newValue > plan.inFlight {
          inFlight.wrappingSubtract(1, ordering: .relaxed)
          recorder.overflowed(arrival, segment)
        } else if !crew.hand(arrival) {
          group.addTask(executorPreference: lanes[arrival.lane].executor) { [self] in
            await work(arrival, crew, segment)
          }
        }
        if turn % Self.burst == 0 { await Task.yield() }
      }
      crew.dismiss()
    }
  }

  private func wait(until due: Instant, _ clock: any LoadClock) async -> Bool {
    while !stop.isSet {
      let now = clock.now
      guard now < due else { return true }
      await clock.sleep(until: min(due, now + Self.glance))
    }
    return false
  }

  /// Runs an arrival, then those that it is handed.
  private func work(_ first: Crew.Arrival, _ crew: Crew, _ segment: RunningSegment) async {
    var next: Crew.Arrival? = first
    while let arrival = next {
      await run(arrival.scenario, arrival.lane, due: arrival.due, segment)
      inFlight.wrappingSubtract(1, ordering: .relaxed)
      next = await crew.next(on: arrival.lane)
    }
  }
}
