public import Domain
internal import Files

/// The machine's time of day.
public struct SystemClock: WallClock {
  public init() {}

  public func now() -> Timestamp { Timestamp(nanoseconds: TimeOfDay.nanoseconds) }
}
