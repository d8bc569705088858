internal import Domain
internal import Outbound
internal import TestKit
internal import Testing

@testable internal import Export

@Suite struct RetryPolicyTests {
  private static let now = FakeClock().now()

  private static func apply(
    _ outcomes: [DeliveryOutcome], age: Duration = .zero, seed: UInt64 = 1,
    policy: RetryPolicy = RetryPolicy()
  ) -> (verdicts: [RetryPolicy.Verdict], delays: [Duration], progress: DeliveryProgress) {
    var progress = DeliveryProgress(next: 7)
    var random = TestGenerator(seed: seed)
    var verdicts: [RetryPolicy.Verdict] = []
    var delays: [Duration] = []
    for outcome in outcomes {
      verdicts.append(
        policy.apply(
          outcome, to: &progress, eventTime: now - age, now: now, using: &random))
      delays.append(progress.notBefore.map { $0 - now } ?? .zero)
    }
    return (verdicts, delays, progress)
  }

  @Test func `Delays grow to five minutes and no further, with jitter`() {
    let failures = [DeliveryOutcome](repeating: .failed("x", retryAfter: nil), count: 40)
    let (verdicts, delays, progress) = Self.apply(failures)
    #expect(verdicts.allSatisfy { $0 == .wait })
    for (index, delay) in delays.enumerated() {
      let middle = min(Double(1 << min(index, 20)), 300)
      #expect(delay >= .seconds(middle * 0.8) && delay <= .seconds(middle * 1.2))
    }
    #expect(progress.next == 7)
    #expect(progress.failures == 40)
    #expect(delays != Self.apply(failures, seed: 2).delays)
  }

  @Test func `A good answer ends all waiting`() {
    let (_, _, progress) = Self.apply([.failed("x", retryAfter: nil), .delivered])
    #expect(progress == DeliveryProgress(next: 8))
  }

  @Test func `What the receiver asks for is waited, an hour at most`() {
    let delays = Self.apply([
      .failed("503", retryAfter: .seconds(120)), .failed("503", retryAfter: .hours(24)),
    ]).delays
    #expect(delays[0] == .seconds(120))
    #expect(delays[1] == .hours(1))
  }

  @Test func `Age gives an entry up, with a failed attempt`() {
    let old = Self.apply([.failed("x", retryAfter: nil)], age: .hours(73))
    #expect(old.verdicts == [.giveUp])
    #expect(old.progress.next == 8)
    #expect(old.progress.notBefore != nil)
    #expect(Self.apply([.failed("x", retryAfter: nil)], age: .hours(71)).verdicts == [.wait])
    #expect(Self.apply([.delivered], age: .hours(99)).verdicts == [.advance])
  }

  @Test func `An entry that is refused is given up after five attempts`() {
    let (verdicts, _, progress) = Self.apply(
      [DeliveryOutcome](repeating: .refused("400"), count: 5))
    #expect(verdicts == [.wait, .wait, .wait, .wait, .giveUp])
    #expect(progress.next == 8)
    #expect(progress.attempts == 0)
    #expect(progress.notBefore == nil)
  }

  @Test func `A receiver that is gone ends all attempts`() {
    let (verdicts, _, progress) = Self.apply([.gone])
    #expect(verdicts == [.disable])
    #expect(progress.isDisabled)
    #expect(progress.next == 7)
  }
}
