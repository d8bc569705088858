internal import Domain
internal import FoundationEssentials

/// The machine's clock.
struct SystemClock: WallClock {
  func now() -> Timestamp {
    // Microseconds are all that a Double of seconds since 1970 holds.
    let microseconds = (Date().timeIntervalSince1970 * 1_000_000).rounded(.down)
    return Timestamp(nanoseconds: Int64(microseconds) * 1_000)
  }
}
