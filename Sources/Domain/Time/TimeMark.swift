/// The high-water mark of seen time: a clock that goes back revives nothing (invariant I3).
///
/// The service keeps `mark` durable with each commit and starts from the stored one.
public struct TimeMark: Hashable, Sendable {
  /// The latest moment ever seen.
  public private(set) var mark: Timestamp

  public init(mark: Timestamp = .distantPast) {
    self.mark = mark
  }

  /// What a look at the clock gives.
  public struct Reading: Hashable, Sendable {
    /// The moment to decide with: never earlier than any before it.
    public let now: Timestamp
    /// How far the clock is behind the mark, when that is more than `Limits.clockTolerance`:
    /// grant nothing, and alarm.
    public let behind: Duration?
  }

  /// Looks at `wall` and lifts the mark to it.
  public mutating func observe(_ wall: Timestamp) -> Reading {
    guard wall < mark else {
      mark = wall
      return Reading(now: wall, behind: nil)
    }
    let gap = mark - wall
    return Reading(now: mark, behind: gap > Limits.clockTolerance ? gap : nil)
  }
}
