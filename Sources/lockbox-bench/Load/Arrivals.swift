internal import ArgumentParser
internal import Glibc
internal import RPC

/// When operations are due: one arrival process, or one of several equal shares of it.
struct Arrivals: Sendable {
  enum Spacing: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// One every 1/rate seconds.
    case constant
    /// At random, as from many people who know nothing of one another: exponential gaps.
    case poisson
  }

  private let curve: RateCurve
  private let spacing: Spacing
  private let shares: Double
  /// How many operations of the whole process should have begun by the next arrival.
  private var position: Double
  private var random: SeededGenerator

  /// - Parameters:
  ///   - share: which of the `shares` this is, from 0. Together they are the process.
  ///   - seed: for the random spacing; shares mix their number into it.
  init(
    _ curve: RateCurve, _ spacing: Spacing, seed: UInt64, share: Int = 0, of shares: Int = 1
  ) {
    self.curve = curve
    self.spacing = spacing
    self.shares = Double(shares)
    // Not the seed and a multiple: generators that differ by their step give the same numbers.
    var seeds = SeededGenerator(seed: seed)
    random = SeededGenerator(seed: (0...share).reduce(0) { _, _ in seeds.next() })
    switch spacing {
    case .constant: position = Double(share)
    case .poisson:
      position = 0
      advance()
    }
  }

  /// The next arrival, from the start; nil when the curve has ended.
  mutating func next() -> Duration? {
    guard let seconds = curve.seconds(at: position) else { return nil }
    advance()
    return .nanoseconds(Int64(seconds * 1e9))
  }

  private mutating func advance() {
    switch spacing {
    case .constant: position += shares
    // A sum of independent Poisson processes is one; a share of the rate is a longer mean gap.
    case .poisson: position -= shares * log(1 - Double.random(in: 0..<1, using: &random))
    }
  }
}
