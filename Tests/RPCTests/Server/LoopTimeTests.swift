internal import Testing

@testable internal import RPC

@Suite struct LoopTimeTests {
  @Test("is the same point in time as the instant it was made of")
  func instants() {
    let instant = ContinuousClock.now + .seconds(90)
    let difference = LoopTime(instant).instant - instant
    #expect(abs(difference.wholeNanoseconds) <= 1)
  }

  @Test("runs with ContinuousClock")
  func clock() {
    let before = ContinuousClock.now
    let time = LoopTime.now
    let after = ContinuousClock.now
    // Each conversion may lose a nanosecond; the two clocks were not read at the very same moment.
    let tolerance = Duration.milliseconds(50)
    #expect(time.instant > before - tolerance && time.instant < after + tolerance)
  }

  @Test(
    "what is too far away is never, not a crash",
    arguments: [Duration.seconds(Int64.max), .seconds(99_999_999 * 3600)])
  func farAway(_ timeout: Duration) {
    #expect(LoopTime.now + timeout == .never)
  }

  @Test("durations become nanoseconds, or the nearest end of the range")
  func nanoseconds() {
    #expect(Duration.microseconds(-1500).wholeNanoseconds == -1_500_000)
    #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
    #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
  }
}
