/// How long things took, in buckets from 100 µs to 60 s.
public struct LatencyHistogram: Sendable {
  /// Upper bounds in microseconds: 1, 2.5 and 5 of each power of ten.
  static let bounds: [Int64] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000, 10_000_000, 60_000_000,
  ]

  public init() {}

  private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
  private(set) var sum = Duration.zero

  public mutating func record(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    let bucket = Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count
    counts[bucket] += 1
    sum += duration
  }

  /// Writes the samples of one series: cumulative buckets, sum in seconds, count.
  public func write(
    to text: inout MetricsText, _ name: StaticString, _ labels: [(String, String)]
  ) {
    var total: UInt64 = 0
    for (count, bound) in zip(counts, Self.bounds) {
      total += count
      text.sample(
        name, suffix: "_bucket", labels + [("le", "\(Double(bound) / 1_000_000)")], total)
    }
    total += counts[Self.bounds.count]
    text.sample(name, suffix: "_bucket", labels + [("le", "+Inf")], total)
    text.sample(name, suffix: "_sum", labels, sum / .seconds(1))
    text.sample(name, suffix: "_count", labels, total)
  }
}
