internal import Domain
internal import Synchronization

/// How a consumer stands to its feed, for health and metrics.
public final class FeedStatus: Sendable {
  public enum Phase: Sendable, Hashable {
    /// Not yet, or no longer, in touch with the producer; trying.
    case connecting
    case subscribed
    /// For good, until somebody has looked into it.
    case stopped(FeedFault)
  }

  private struct State {
    var phase = Phase.connecting
    var position: UInt64 = 0
    var events: UInt64 = 0
    var reconnects: UInt64 = 0
    var lag = LatencyHistogram()
  }

  public let feed: ServiceName
  private let state = Mutex(State())

  private let onChange: @Sendable (Phase) -> Void

  /// - Parameter onChange: Called at each change of the phase.
  init(_ feed: ServiceName, onChange: @escaping @Sendable (Phase) -> Void) {
    self.feed = feed
    self.onChange = onChange
  }

  public var phase: Phase { state.withLock { $0.phase } }

  /// The last sequence that is applied.
  public var position: UInt64 { state.withLock { $0.position } }

  /// By the consumer's task only. Whoever sees the phase finds its consequences done.
  func set(_ phase: Phase) {
    guard phase != self.phase else { return }
    onChange(phase)
    state.withLock { state in
      if phase == .connecting { state.reconnects += 1 }
      state.phase = phase
    }
  }

  func start(at position: UInt64) { state.withLock { $0.position = position } }

  /// - Parameters:
  ///   - times: Of the batch's events.
  ///   - now: When the batch was durable here.
  func applied(through last: UInt64, times: [Timestamp], at now: Timestamp) {
    state.withLock { state in
      state.events += last - state.position
      state.position = last
      for time in times { state.lag.record(max(.zero, now - time)) }
    }
  }

  static func write(_ all: [FeedStatus], to text: inout MetricsText) {
    let states = all.map { ([("feed", $0.feed.rawValue)], $0.state.withLock { $0 }) }
    text.describe("lockbox_feed_position", .gauge, "The last sequence applied.")
    for (labels, state) in states { text.sample("lockbox_feed_position", labels, state.position) }
    text.describe("lockbox_feed_subscribed", .gauge, "1 while in touch with the producer.")
    for (labels, state) in states {
      text.sample("lockbox_feed_subscribed", labels, state.phase == .subscribed ? 1 : 0)
    }
    text.describe("lockbox_feed_events_total", .counter, "Events applied.")
    for (labels, state) in states {
      text.sample("lockbox_feed_events_total", labels, state.events)
    }
    text.describe("lockbox_feed_reconnects_total", .counter, "Times that touch was lost.")
    for (labels, state) in states {
      text.sample("lockbox_feed_reconnects_total", labels, state.reconnects)
    }
    text.describe(
      "lockbox_feed_lag_seconds", .histogram, "From an event's time to its being applied here.")
    for (labels, state) in states {
      state.lag.write(to: &text, "lockbox_feed_lag_seconds", labels)
    }
  }
}
