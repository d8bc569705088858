internal import RPC
internal import Synchronization

/// Collects how operations and their steps ended, and how long they took.
///
/// In several parts, so that event loops do not wait for one another.
final class Recorder: Sendable {
  private final class Shard: Sendable {
    let recording: Mutex<Recording>
    let ended = Atomic(0)

    init(_ recording: Recording) { self.recording = Mutex(recording) }
  }

  private struct Times {
    /// When the first measured segment began.
    var origin: Instant?
    /// Of each phase, as long as it lasted.
    var elapsed: [Duration]
    var begun: [Instant?]
    /// Of this process, when the measuring began and when it last ended.
    var processor = (begin: Duration.zero, end: Duration.zero)
    /// When the last segment ended.
    var end: Instant?
  }

  let mix: Mix
  private let shards: [Shard]
  private let times: Mutex<Times>
  /// `origin`, for the hot path.
  private let origin = Atomic(Int64.max)

  init(_ mix: Mix, phases: Int, shards: Int = 1) {
    self.mix = mix
    let empty = Recording(rows: mix.rows.count, phases: phases)
    self.shards = (0..<shards).map { _ in Shard(empty) }
    times = Mutex(
      Times(
        elapsed: Array(repeating: .zero, count: phases), begun: Array(repeating: nil, count: phases)
      ))
  }

  // MARK: - What the load tells

  func begin(_ segment: Segment, at instant: Instant) {
    times.withLock { times in
      if times.origin == nil {
        times.origin = instant
        times.processor.begin = ProcessorTime.now
        origin.store(instant.nanoseconds, ordering: .relaxed)
      }
      for phase in segment.phases { times.begun[phase] = instant }
    }
  }

  /// The segment's last operation has ended.
  func end(_ segment: Segment, at instant: Instant) {
    times.withLock { times in
      times.processor.end = ProcessorTime.now
      times.end = instant
      guard let begun = times.begun[segment.phases.lowerBound] else { return }
      let slice = segment.duration.map { $0 / segment.phases.count }
      for (index, phase) in segment.phases.enumerated() {
        let passed = instant - begun - (slice ?? .zero) * index
        times.elapsed[phase] = max(.zero, min(passed, slice ?? passed))
      }
    }
  }

  func record(_ call: Call, begun: Instant, ended: Instant, _ error: RPCError?) {
    guard let phase = call.segment.phase(at: call.due) else { return }
    let latency = ended.nanoseconds - call.due.nanoseconds
    let shard = shard(call.lane)
    shard.ended.wrappingAdd(1, ordering: .relaxed)
    let offset = call.due.nanoseconds - origin.load(ordering: .relaxed)
    let finished = error == nil ? call.segment.phase(at: ended) : nil
    shard.recording.withLock { recording in
      recording.phases[phase].rows[mix.firstRows[call.scenario]]
        .record(nanoseconds: latency, error)
      recording.phases[phase].delays
        .record(nanoseconds: begun.nanoseconds - call.due.nanoseconds, nil)
      if let finished { recording.phases[finished].inTime += 1 }
      recording.timeline.record(at: offset, nanoseconds: latency, error)
    }
  }

  func record(step name: String, of call: Call, took: Duration, _ error: RPCError?) {
    guard let phase = call.segment.phase(at: call.due),
      let step = mix.scenarios[call.scenario].steps.firstIndex(where: { $0.name == name })
    else { return }
    let row = mix.firstRows[call.scenario] + 1 + step
    shard(call.lane).recording.withLock { $0.phases[phase].rows[row].record(took, error) }
  }

  func overflowed(_ arrival: Crew.Arrival, _ segment: RunningSegment) {
    guard let phase = segment.phase(at: arrival.due) else { return }
    let offset = arrival.due.nanoseconds - origin.load(ordering: .relaxed)
    shard(arrival.lane).recording.withLock { recording in
      recording.phases[phase].overflowed += 1
      recording.timeline.overflowed(at: offset)
    }
  }

  private func shard(_ lane: Int) -> Shard { shards[lane % shards.count] }

  // MARK: - What has come together

  var recording: Recording {
    var sum = shards[0].recording.withLock { $0 }
    for shard in shards.dropFirst() { sum.add(shard.recording.withLock { $0 }) }
    times.withLock { times in
      if let origin = times.origin, let end = times.end {
        sum.timeline.length = end.nanoseconds - origin.nanoseconds
      }
    }
    return sum
  }

  /// How long each phase lasted.
  var elapsed: [Duration] { times.withLock { $0.elapsed } }

  /// What this process has used of its processors while it measured.
  var processorTime: Duration {
    times.withLock { max(.zero, $0.processor.end - $0.processor.begin) }
  }

  /// When the measuring began; nil while it has not.
  var measuringSince: Instant? { times.withLock { $0.origin } }

  /// Measured operations that ended, well or not.
  var ended: Int { shards.reduce(0) { $0 + $1.ended.load(ordering: .relaxed) } }
}
