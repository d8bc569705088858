/// What load to put on, one segment after the other.
struct LoadPlan: Sendable {
  var segments: [Segment]
  /// Operations that may be in flight in an open loop; further ones are counted and not begun.
  var inFlight = 10_000
  /// Operations to measure; nil: until the segments are over.
  var count: Int?
  /// For random arrivals and the choice among scenarios.
  var seed: UInt64 = 0

  var phaseCount: Int { segments.map(\.phases.upperBound).max() ?? 0 }
}

/// A stretch of load at one pace. The next one begins when its operations have ended.
struct Segment: Sendable {
  enum Pace: Sendable {
    /// So many callers, each with one operation at a time.
    case closed(callers: Int)
    /// Operations begin when they are due, whatever has become of earlier ones.
    case open(RateCurve, Arrivals.Spacing)
  }

  var pace: Pace
  /// Nil: until the count is reached.
  var duration: Duration?
  /// The phases of the report that share its time evenly; empty for a warm-up.
  var phases: Range<Int>

  var isMeasured: Bool { !phases.isEmpty }
}

/// A segment that has begun.
struct RunningSegment: Sendable {
  let begin: Instant
  /// Nil: none but the count's.
  let end: Instant?
  private let phases: Range<Int>
  private let slice: Int64

  init(_ segment: Segment, begin: Instant) {
    self.begin = begin
    end = segment.duration.map { begin + $0 }
    phases = segment.phases
    let total = segment.duration?.wholeNanoseconds ?? .max
    slice = max(1, total / Int64(max(1, segment.phases.count)))
  }

  /// The phase of the report to which a moment belongs; nil for a warm-up and past the end.
  func phase(at instant: Instant) -> Int? {
    guard !phases.isEmpty, instant >= begin else { return nil }
    if let end, instant >= end { return nil }
    return phases.lowerBound
      + min(Int((instant.nanoseconds - begin.nanoseconds) / slice), phases.count - 1)
  }
}
