internal import Testing

@testable internal import RPC

@Suite("grpc-timeout")
struct CallTimeoutTests {
  @Test(
    "every unit is read",
    arguments: [
      ("1H", .seconds(3600)), ("2M", .seconds(120)), ("3S", .seconds(3)), ("4m", .milliseconds(4)),
      ("5u", .microseconds(5)), ("6n", .nanoseconds(6)), ("0n", .zero),
      ("00000001S", .seconds(1)), ("99999999H", .seconds(359_999_996_400)),
    ] as [(String, Duration)])
  func parses(text: String, duration: Duration) {
    #expect(CallTimeout.parse(text.utf8) == duration)
  }

  @Test(
    "anything else is refused",
    arguments: ["", "S", "1", "1s", "123456789S", "-1S", "+1S", "1.5S", " 1S", "1 S", "1SS", "１S"])
  func refuses(text: String) {
    #expect(CallTimeout.parse(text.utf8) == nil)
  }

  @Test(
    "the finest unit that fits is written, rounded up",
    arguments: [
      (.zero, "0n"), (.seconds(-1), "0n"), (.nanoseconds(1), "1n"),
      (.nanoseconds(99_999_999), "99999999n"), (.nanoseconds(100_000_000), "100000u"),
      (.nanoseconds(100_000_001), "100001u"), (.seconds(1), "1000000u"),
      (.seconds(99), "99000000u"), (.seconds(100), "100000m"), (.seconds(12 * 3600), "43200000m"),
      (.seconds(100_000), "100000S"), (.seconds(99_999_999), "99999999S"),
      (.seconds(100_000_000), "1666667M"), (.seconds(Int64.max), "99999999H"),
      (Duration(secondsComponent: 0, attosecondsComponent: 1), "1n"),
    ] as [(Duration, String)])
  func formats(duration: Duration, text: String) {
    #expect(CallTimeout.format(duration) == text)
  }

  @Test("what is written is read as the same or a little more, never less")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let nanoseconds = Int64.random(
        in: 0...(1 << Int64.random(in: 1...60, using: &random)), using: &random)
      let duration = Duration.nanoseconds(nanoseconds)
      let read = try #require(CallTimeout.parse(CallTimeout.format(duration).utf8))
      #expect(read >= duration && read <= duration * 1.01 + .nanoseconds(1), "seed 7: \(duration)")
    }
  }
}
