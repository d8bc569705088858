internal import Glibc

/// What this process has used of its processors.
enum ProcessorTime {
  /// In user and kernel mode, since the process began.
  static var now: Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
