/// Tells the time of day. Injected everywhere, so that tests own the time.
public protocol WallClock: Sendable {
  func now() -> Timestamp
}
