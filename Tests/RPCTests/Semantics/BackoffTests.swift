internal import RPC
internal import Testing

@Suite("Back-off")
struct BackoffTests {
  @Test("without jitter it grows by the multiplier up to the maximum")
  func growth() {
    var random = SeededGenerator(seed: 1)
    let backoff = Backoff(
      initial: .seconds(1), multiplier: 2, jitter: 0, maximum: .seconds(10))
    let delays = (0...7).map { backoff.delay(afterFailures: $0, using: &random) }
    #expect(delays == [1, 1, 2, 4, 8, 10, 10, 10].map { .seconds($0) })
  }

  @Test("after very many failures it still ends at the maximum")
  func manyFailures() {
    var random = SeededGenerator(seed: 1)
    let backoff = Backoff(jitter: 0)
    #expect(backoff.delay(afterFailures: 1_000_000, using: &random) == .seconds(120))
  }

  @Test("jitter stays within its share and is repeatable from a seed")
  func jitter() {
    let backoff = Backoff(initial: .seconds(10), multiplier: 1, jitter: 0.2)
    var random = SeededGenerator(seed: 42)
    let delays = (0..<1_000).map { _ in backoff.delay(afterFailures: 1, using: &random) }
    #expect(delays.allSatisfy { $0 >= .seconds(8) && $0 <= .seconds(12) })
    #expect(Set(delays).count > 900)
    var again = SeededGenerator(seed: 42)
    #expect(delays == (0..<1_000).map { _ in backoff.delay(afterFailures: 1, using: &again) })
  }
}
