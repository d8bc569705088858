internal import CNghttp2

/// What a connection's peer may send besides calls.
///
/// A peer earns WINDOW_UPDATE and PING by what it is sent: receivers give windows back, and many
/// measure a path's bandwidth with a ping for each round trip of data.
struct FrameBudgets {
  var resets: EventBudget
  var refusals: EventBudget
  var controlFrames: EventBudget
  private var windowUpdates: EventBudget

  private var seenFrames: UInt64 = 0
  private var earnedUpdates: UInt64 = 0
  private var earnedPings: UInt64 = 0

  /// Some clients give a frame's 16 KiB back in pieces of 4 KiB, for the stream and the connection.
  private static let updatesPerFrame: UInt64 = 10
  /// More cannot be saved up; of pings fewer than nghttp2 queues answers to (1,000).
  private static let mostUpdates: UInt64 = 2000
  private static let mostPings: UInt64 = 200
  /// Many clients widen each stream's window when they open it.
  private static let updatesPerStream: UInt64 = 2

  init(_ limits: ServerLimits) {
    resets = EventBudget(limits.resets)
    refusals = EventBudget(limits.refusals)
    controlFrames = EventBudget(limits.controlFrames)
    windowUpdates = EventBudget(limits.windowUpdates)
  }

  mutating func streamBegan() {
    earnedUpdates = min(earnedUpdates + Self.updatesPerStream, Self.mostUpdates)
  }

  /// The defence that a frame too many is a case of; nil while the budget lasts.
  mutating func charge(
    _ kind: UInt32, at now: LoopTime, sentFrames: UInt64
  ) -> Defence? {
    switch kind {
    case NGHTTP2_RST_STREAM.rawValue:
      return resets.spend(at: now) ? nil : .resets
    case NGHTTP2_WINDOW_UPDATE.rawValue:
      earn(sentFrames)
      if Self.take(&earnedUpdates) { return nil }
      return windowUpdates.spend(at: now) ? nil : .windowUpdates
    case NGHTTP2_PING.rawValue:
      earn(sentFrames)
      if Self.take(&earnedPings) { return nil }
      return controlFrames.spend(at: now) ? nil : .pings
    default:
      return controlFrames.spend(at: now) ? nil : Self.defence(against: kind)
    }
  }

  private static func defence(against kind: UInt32) -> Defence {
    switch kind {
    case NGHTTP2_SETTINGS.rawValue: .settings
    case NGHTTP2_PRIORITY.rawValue: .priorities
    default: .otherFrames
    }
  }

  private mutating func earn(_ sentFrames: UInt64) {
    let news = sentFrames - seenFrames
    seenFrames = sentFrames
    earnedUpdates = min(earnedUpdates + news * Self.updatesPerFrame, Self.mostUpdates)
    earnedPings = min(earnedPings + news, Self.mostPings)
  }

  private static func take(_ earned: inout UInt64) -> Bool {
    guard earned > 0 else { return false }
    earned -= 1
    return true
  }
}
