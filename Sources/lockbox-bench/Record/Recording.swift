/// Everything that was measured. Parts of it, from several threads, add up.
struct Recording: Sendable {
  /// What was measured in one phase.
  struct Phase: Sendable {
    /// By row of the mix.
    var rows: [Samples]
    /// How late operations began: the load tool's own part of their latencies.
    var delays = Samples()
    /// Operations that succeeded before the end of the phase, whenever they began.
    var inTime = 0
    /// Operations that were due and not begun, since too many were in flight.
    var overflowed = 0

    mutating func add(_ other: Phase) {
      for (row, samples) in other.rows.enumerated() { rows[row].add(samples) }
      delays.add(other.delays)
      inTime += other.inTime
      overflowed += other.overflowed
    }
  }

  var phases: [Phase]
  var timeline = Timeline()

  init(rows: Int, phases: Int) {
    self.phases = Array(
      repeating: Phase(rows: Array(repeating: Samples(), count: rows)), count: phases)
  }

  mutating func add(_ other: Recording) {
    for (number, phase) in other.phases.enumerated() { phases[number].add(phase) }
    timeline.add(other.timeline)
  }
}
