internal import Testing

@testable internal import Domain

struct TimeTests {
  @Test(
    "RFC 3339 text is read and written without loss",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999999999Z", -1),
      ("2026-11-21T23:10:00Z", 1_795_302_600_000_000_000),
      ("2000-02-29T12:00:00.5Z", 951_825_600_500_000_000),
      ("2262-04-11T23:47:16.854775807Z", Int64.max),
    ])
  func roundTrip(text: String, nanoseconds: Int64) {
    let moment = Timestamp(nanoseconds: nanoseconds)
    #expect(Timestamp(rfc3339: text) == moment)
    #expect(Timestamp(rfc3339: moment.description) == moment)
  }

  @Test("offsets are taken into account")
  func offset() {
    #expect(Timestamp(rfc3339: "1970-01-01T01:30:00+01:30") == .epoch)
    #expect(Timestamp(rfc3339: "1969-12-31T22:00:00-02:00") == .epoch)
  }

  @Test(
    "what is no RFC 3339 is refused",
    arguments: [
      "", "2026-11-21", "2026-11-21T23:10:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
      "2026-11-21T24:00:00Z", "2026-11-21T23:10:60Z", "2026-11-21T23:10:00.Z",
      "2026-11-21T23:10:00.1234567890Z", "2026-11-21T23:10:00Zx", "9999-12-31T23:59:59Z",
      "２０２６-11-21T23:10:00Z",
    ])
  func refused(_ text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test("arithmetic saturates instead of wrapping a deadline into the past")
  func saturation() {
    #expect(Timestamp.distantFuture + .seconds(1) == .distantFuture)
    #expect(Timestamp.distantPast + .seconds(-1) == .distantPast)
    #expect(Timestamp.distantPast - .seconds(1) == .distantPast)
    #expect(Timestamp.epoch + .seconds(Int64.max) == .distantFuture)
    #expect(Timestamp.epoch - .seconds(90) == Timestamp(seconds: -90, nanos: 0))
    #expect(Timestamp(seconds: .max, nanos: 0) == nil)
    #expect(Timestamp(seconds: 0, nanos: 1_000_000_000) == nil)
  }

  // I3. Breaks when TimeMark.observe answers with `wall` instead of `mark` behind the mark.
  @Test("a clock that goes back gives no earlier moment, and alarms past the tolerance")
  func mark() {
    var mark = TimeMark(mark: Example.start)
    #expect(
      mark.observe(Example.start - .seconds(5)) == .init(now: Example.start, behind: nil))
    #expect(
      mark.observe(Example.start - .seconds(6)) == .init(now: Example.start, behind: .seconds(6)))
    let later = Example.start + .seconds(1)
    #expect(mark.observe(later) == .init(now: later, behind: nil))
    #expect(mark.mark == later)
  }

  @Test("the state past a deadline is over, whether or not expiry has said so")
  func effectiveState() {
    let deadline = Example.start + .hours(1)
    let waiting = Example.record(.awaitingCustomer(stage: 2, deadline: deadline))
    #expect(waiting.state(at: deadline - .nanoseconds(1)) == .awaitingCustomer)
    #expect(waiting.state(at: deadline) == .expired)
    let live = Example.record(.approved, grant: Example.grant)
    #expect(live.state(at: Example.grant.end - .nanoseconds(1)) == .approved)
    #expect(live.state(at: Example.grant.end) == .ended)
  }
}
