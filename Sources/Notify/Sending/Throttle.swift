internal import Domain

/// So many messages at once, and so many in a minute after that: a bucket of tokens, pure.
struct Throttle: Hashable, Sendable {
  struct Rate: Hashable, Sendable {
    let burst: Int
    let perMinute: Int
  }

  private var tokens: Double
  private var filled: Timestamp

  init(_ rate: Rate, at now: Timestamp) {
    tokens = Double(rate.burst)
    filled = now
  }

  /// Takes one; or says when there will be one.
  mutating func take(_ rate: Rate, at now: Timestamp) -> Circuit.Admission {
    let perNanosecond = Double(rate.perMinute) / 60e9
    if now > filled {
      let passed = Double((now - filled).nanosecondsClamped)
      tokens = min(Double(rate.burst), tokens + passed * perNanosecond)
    }
    filled = now
    guard tokens < 1 else {
      tokens -= 1
      return .now
    }
    return .at(now + .nanoseconds(Int64(((1 - tokens) / perNanosecond).rounded(.up))))
  }

  /// Nothing is to be remembered of it.
  func isFull(_ rate: Rate, at now: Timestamp) -> Bool {
    var copy = self
    _ = copy.take(rate, at: now)
    return copy.tokens >= Double(rate.burst) - 1
  }
}
