internal import RPC
internal import Testing

@testable internal import lockbox_bench

@Suite("Samples")
struct SamplesTests {
  @Test("parts that were recorded apart add up to what one recorder of all would have")
  func merging() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    var all = Samples()
    var parts = [Samples(), Samples(), Samples()]
    for number in 0..<5_000 {
      // From microseconds to minutes, so that the parts' histograms have different sizes.
      let latency = Duration.nanoseconds(
        Int64.random(in: 1...(1 << Int64(number % 37)), using: &random))
      let error = number % 11 == 0 ? RPCError(.unavailable, "no") : nil
      all.record(latency, error)
      parts[number % 3].record(latency, error)
    }
    var sum = Samples()
    for part in parts { sum.add(part) }
    #expect(sum.succeeded == all.succeeded && sum.failures == all.failures, "seed \(seed)")
    for percent in [0, 1, 50, 90, 99, 99.9, 100] {
      #expect(sum.percentile(percent) == all.percentile(percent), "seed \(seed)")
    }
  }

  @Test("percentiles are within a thousandth of what was recorded")
  func precision() {
    var samples = Samples()
    for number in 1...10_000 { samples.record(.microseconds(number * 10), nil) }
    for (percent, milliseconds) in [(50.0, 50.0), (90, 90), (99, 99), (99.9, 99.9), (100, 100)] {
      #expect(abs(percentile(percent, samples) / milliseconds - 1) < 0.001)
    }
    #expect(Samples().percentile(50) == nil)
  }

  @Test("a long run has longer windows, not more of them, and loses nothing")
  func folding() {
    var timeline = Timeline()
    for second in 0..<3_000 {
      timeline.record(at: Int64(second) * 1_000_000_000, nanoseconds: 1_000, nil)
      if second % 10 == 0 { timeline.overflowed(at: Int64(second) * 1_000_000_000) }
    }
    #expect(timeline.width == 8_000_000_000)
    #expect(timeline.windows.count == 375)
    #expect(timeline.windows.allSatisfy { $0.operations.succeeded == 8 })
    #expect(timeline.windows.reduce(0) { $0 + $1.overflowed } == 300)
    #expect(timeline.windows.reduce(0) { $0 + $1.finished } == 3_000)
  }

  @Test("what takes long counts when it was due for its latency, and when it ended for throughput")
  func finished() {
    var timeline = Timeline()
    timeline.record(at: 500_000_000, nanoseconds: 2_700_000_000, nil)
    #expect(timeline.windows.map(\.operations.succeeded) == [1, 0, 0, 0])
    #expect(timeline.windows.map(\.finished) == [0, 0, 0, 1])
    #expect(timeline.whileDue.windows.map(\.finished) == [0])
  }

  @Test("timelines of different widths add up", arguments: [false, true])
  func timelines(shortIntoLong: Bool) {
    var long = Timeline()
    var short = Timeline()
    for second in 0..<600 { long.record(at: Int64(second) * 1_000_000_000, nanoseconds: 5, nil) }
    for second in 0..<10 { short.record(at: Int64(second) * 1_000_000_000, nanoseconds: 5, nil) }
    var sum = shortIntoLong ? long : short
    sum.add(shortIntoLong ? short : long)
    #expect(sum.width == 2_000_000_000)
    #expect(sum.windows.count == 300)
    #expect(
      sum.windows.map(\.operations.succeeded) == Array(repeating: 4, count: 5)
        + Array(repeating: 2, count: 295))
  }
}
