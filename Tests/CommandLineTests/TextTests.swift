internal import Domain
internal import Testing
internal import Words

@testable internal import CommandLine

@Suite("Text for people")
struct TextTests {
  @Test(
    "control, bidirectional and invisible characters are shown, not obeyed",
    arguments: [
      ("plain äöü 漢字 🙂", "plain äöü 漢字 🙂"),
      ("\u{1B}[2Jgone", "\\u{1b}[2Jgone"),
      ("a\rb", "a\\u{d}b"),
      ("a\nb", "a\\u{a}b"),
      ("bell\u{7}", "bell\\u{7}"),
      ("\u{9B}31m", "\\u{9b}31m"),
      ("user\u{202E}txt.exe", "user\\u{202e}txt.exe"),
      ("zero\u{200B}width", "zero\\u{200b}width"),
      ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
      ("line\u{2028}separator", "line\\u{2028}separator"),
      ("del\u{7F}", "del\\u{7f}"),
    ])
  func hostileText(text: String, shown: String) {
    #expect(Printable.line(text) == shown)
  }

  @Test("several lines stay several lines, and nothing more")
  func hostileLines() {
    #expect(Printable.lines("one\ntwo\r\nthree\u{1B}c\tx") == ["one", "two", "three\\u{1b}c x"])
  }

  @Test("a table aligns its columns and ends no line in spaces")
  func table() {
    var table = Table("NAME", "STATE", "NOTE")
    table.add("short", Styled("denied", .bad), "")
    table.add("漢字", "", "wide")
    table.add("x\u{1B}[1m", "approved", "z")
    #expect(
      table.lines(.plain) == [
        "NAME        STATE     NOTE",
        "short       denied",
        "漢字                  wide",
        "x\\u{1b}[1m  approved  z",
      ])
  }

  @Test("colour changes no alignment")
  func colour() {
    var table = Table("A", "B")
    table.add(Styled("ok", .good), "1")
    let lines = table.lines(Style(isColoured: true))
    #expect(lines[1] == "\u{1B}[32mok\u{1B}[0m  1")
  }

  @Test(
    "durations are read strictly",
    arguments: [
      ("12h", Duration.seconds(43_200)), ("90s", .seconds(90)), ("1h30m", .seconds(5_400)),
      ("250ms", .milliseconds(250)), ("2d", .seconds(172_800)), ("0s", .zero),
      ("1d2h3m4s5ms", .milliseconds(93_784_005)),
    ] as [(String, Duration)])
  func goodDurations(text: String, duration: Duration) {
    #expect(TimeSpan(parsing: text)?.duration == duration)
  }

  @Test(
    "what is no duration is refused",
    arguments: [
      "", "12", "h", "-1h", "1.5h", "1h1h", "30m1h", "1 h", "1H", "1w", "12hours", "1h ", " 1h",
      "9999999999h", "１h", "1h30",
    ])
  func badDurations(text: String) {
    #expect(TimeSpan(parsing: text) == nil)
  }

  @Test(
    "durations are printed in two units",
    arguments: [
      (Duration.seconds(11_520), "3 h 12 min"), (.seconds(45), "45 s"), (.hours(12), "12 h"),
      (.seconds(187_200), "2 d 4 h"), (.milliseconds(250), "250 ms"), (.zero, "0 s"),
      (.seconds(3_601), "1 h"), (.milliseconds(1_500), "1 s"),
    ] as [(Duration, String)])
  func printedDurations(duration: Duration, text: String) {
    #expect(TimeSpan(duration).description == text)
  }

  @Test(
    "times are told from now on",
    arguments: [
      (Duration.hours(3) + .minutes(12), "in 3 h 12 min"), (.minutes(-5), "5 min ago"),
      (.zero, "now"), (.milliseconds(400), "now"), (.seconds(-1), "1 s ago"),
    ] as [(Duration, String)])
  func relativeTimes(offset: Duration, text: String) {
    let times = LocalTime(now: Scene.now, zone: LocalTime.utc)
    #expect(times.relative(Scene.now + offset) == text)
  }

  @Test("times are local")
  func localTimes() {
    let times = LocalTime(now: Scene.now, zone: { _ in (3_600, "CET") })
    #expect(times.clock(Scene.now) == "2026-11-21 13:00:00 CET")
    #expect(times.full(Scene.now + .hours(12)) == "2026-11-22 01:00:00 CET (in 12 h)")
  }
}
