/// A token bucket: `rate.count` events at once, refilled evenly over `rate.period`.
struct EventBudget {
  private let rate: EventRate
  private var tokens: Double
  private var refilled: LoopTime?

  init(_ rate: EventRate) {
    self.rate = rate
    tokens = Double(rate.count)
  }

  /// Whether none was left after the last.
  var isSpent: Bool { tokens < 1 }

  /// Spends one; false when none is left.
  mutating func spend(at now: LoopTime) -> Bool {
    if let refilled {
      let share = (now - refilled) / rate.period
      tokens = min(Double(rate.count), tokens + share * Double(rate.count))
    }
    refilled = now
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}
