internal import Glibc

/// The machine's time of day (CLOCK_REALTIME).
public enum TimeOfDay {
  /// Since 1970-01-01T00:00:00Z, without leap seconds.
  public static var nanoseconds: Int64 {
    var time = timespec()
    // Fails only for a clock that does not exist.
    precondition(clock_gettime(CLOCK_REALTIME, &time) == 0)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
