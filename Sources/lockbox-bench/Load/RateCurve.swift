/// Operations per second over time: the same all the time, or rising evenly.
struct RateCurve: Hashable, Sendable {
  let from: Double
  let to: Double
  /// The time over which the rate rises, in seconds; nil for one that stays as it is.
  private let rise: Double?

  init(constant rate: Double) {
    from = rate
    to = rate
    rise = nil
  }

  init(from: Double, to: Double, over duration: Duration) {
    self.from = from
    self.to = to
    rise = from == to ? nil : duration.inSeconds
  }

  /// When so many operations should have begun, in seconds from the start; nil: never.
  func seconds(at position: Double) -> Double? {
    guard position > 0 else { return 0 }
    guard let rise else { return position / from }
    // position = from·t + slope·t²/2, solved in the form that loses no digits while slope·t is small.
    let slope = (to - from) / rise
    let seconds = 2 * position / (from + (from * from + 2 * slope * position).squareRoot())
    return seconds <= rise ? seconds : nil
  }
}
