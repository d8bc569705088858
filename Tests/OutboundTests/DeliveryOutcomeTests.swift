internal import Domain
internal import Outbound
internal import TestKit
internal import Testing

@Suite struct DeliveryOutcomeTests {
  private static let now = FakeClock().now()

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
