internal import Domain
internal import RPC
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

  @Test(
    arguments: [
      (200, .delivered), (204, .delivered), (299, .delivered), (410, .gone),
      (400, .refused("the receiver answered 400")), (413, .refused("the receiver answered 413")),
      (422, .refused("the receiver answered 422")),
      (301, .failed("the receiver answered 301: redirections are not followed", retryAfter: nil)),
      (401, .failed("the receiver answered 401", retryAfter: .seconds(7))),
      (404, .failed("the receiver answered 404", retryAfter: .seconds(7))),
      (429, .failed("the receiver answered 429", retryAfter: .seconds(7))),
      (500, .failed("the receiver answered 500", retryAfter: .seconds(7))),
      (503, .failed("the receiver answered 503", retryAfter: .seconds(7))),
    ] as [(Int, DeliveryOutcome)])
  func `A status means one thing`(_ status: Int, _ outcome: DeliveryOutcome) {
    let answer = OutboundAnswer(status: status, retryAfter: "7")
    #expect(DeliveryOutcome(answer, now: Self.now) == outcome)
  }

  @Test(
    arguments: [
      ("120", .seconds(120)), (" 5 ", .seconds(5)),
      ("99999999999999999999", .seconds(Int64(Int32.max))),
      ("Sat, 21 Nov 2026 12:02:00 GMT", .seconds(120)), ("Sat, 21 Nov 2026 11:00:00 GMT", nil),
      ("", nil), ("-5", nil), ("1.5", nil), ("soon", nil), ("Sat, 21 Nov 2026 12:02:00 CET", nil),
      ("Sat, 99 Nov 2026 12:02:00 GMT", nil), ("Saturday, 21-Nov-26 12:02:00 GMT", nil),
    ] as [(String, Duration?)])
  func `Retry-After is seconds or a moment`(_ text: String, _ delay: Duration?) {
    #expect(RetryAfter.delay(text, now: Self.now) == delay)
  }
}
