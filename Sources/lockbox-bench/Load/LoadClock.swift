internal import NIOCore

/// The time by which a load is paced and measured. Tests have one of their own.
protocol LoadClock: Sendable {
  var now: Instant { get }
  /// Returns at that moment or soon after it, cancelled or not.
  func sleep(until instant: Instant) async
}

extension LoadClock {
  func sleep(for duration: Duration) async { await sleep(until: now + duration) }
}

/// The machine's clock.
struct SystemLoadClock: LoadClock {
  var now: Instant { .now }

  func sleep(until instant: Instant) async {
    // Cancelled: whoever sleeps looks around and ends.
    try? await Task.sleep(for: instant - now, tolerance: .zero)
  }
}

/// The machine's clock with the timers of an event loop: who sleeps on the loop wakes on it, without
/// a change of threads.
struct LoopClock: LoadClock {
  let loop: any EventLoop

  var now: Instant { .now }

  func sleep(until instant: Instant) async {
    await withCheckedContinuation { continuation in
      _ = loop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(0, instant.nanoseconds)))) {
        continuation.resume()
      }
    }
  }
}

extension Instant {
  fileprivate static var now: Instant {
    Instant(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds))
  }
}

/// What some of a load's operations run on.
struct Lane: Sendable {
  /// At a client's own event loop a call costs no change of threads. Nil: any thread.
  var executor: (any TaskExecutor)?
  var clock: any LoadClock
  /// Lanes with the same number are paced together: those of one event loop.
  var pacer = 0

  /// One that is good for operations without an event loop.
  static let any = Lane(executor: nil, clock: SystemLoadClock())
}
