internal import Domain
internal import Files

/// The machine's clock.
struct SystemClock: WallClock {
  func now() -> Timestamp { Timestamp(nanoseconds: TimeOfDay.nanoseconds) }
}
