public import Domain
internal import Glibc

/// The machine's time of day.
public struct SystemClock: WallClock {
  public init() {}

  public func now() -> Timestamp {
    var time = timespec()
    // Fails only for a clock that does not exist.
    precondition(clock_gettime(CLOCK_REALTIME, &time) == 0)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
