public import Domain
internal import Synchronization

/// A wall clock that stands still until a test moves it.
public final class FakeClock: WallClock {
  private let moment: Mutex<Timestamp>

  /// 2026-11-21T12:00:00Z unless told otherwise.
  public init(_ moment: Timestamp = Timestamp(nanoseconds: 1_795_262_400_000_000_000)) {
    self.moment = Mutex(moment)
  }

  public func now() -> Timestamp { moment.withLock { $0 } }

  /// Moves the time, backwards too.
  public func advance(by duration: Duration) { moment.withLock { $0 = $0 + duration } }

  public func set(_ moment: Timestamp) { self.moment.withLock { $0 = moment } }
}
