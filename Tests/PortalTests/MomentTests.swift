internal import Domain
internal import TestKit
internal import Testing

@testable internal import Portal

@Suite("Portal: times")
struct MomentTests {
  private func texts(_ language: Language) throws -> Texts {
    try Texts(language, files: PortalFiles.below("Languages/\(language.rawValue)"))
  }

  @Test(
    "a moment is in the reader's zone, summer time included, and in UTC on demand",
    arguments: [
      ("2026-11-22T12:05:31.5Z", "Europe/Berlin", "22 Nov 2026, 13:05", "22 Nov 2026, 12:05 UTC"),
      ("2026-07-01T23:30:00Z", "Europe/Berlin", "2 Jul 2026, 01:30", "1 Jul 2026, 23:30 UTC"),
      ("2026-03-29T00:59:59Z", "Europe/Berlin", "29 Mar 2026, 01:59", "29 Mar 2026, 00:59 UTC"),
      ("2026-03-29T01:00:00Z", "Europe/Berlin", "29 Mar 2026, 03:00", "29 Mar 2026, 01:00 UTC"),
      ("2026-10-25T00:59:59Z", "Europe/Berlin", "25 Oct 2026, 02:59", "25 Oct 2026, 00:59 UTC"),
      ("2026-10-25T01:00:00Z", "Europe/Berlin", "25 Oct 2026, 02:00", "25 Oct 2026, 01:00 UTC"),
      ("2026-01-01T00:10:00Z", "America/New_York", "31 Dec 2025, 19:10", "1 Jan 2026, 00:10 UTC"),
      ("2026-01-01T00:10:00Z", "Asia/Kathmandu", "1 Jan 2026, 05:55", "1 Jan 2026, 00:10 UTC"),
    ])
  func zones(_ time: String, _ zone: String, _ text: String, _ title: String) throws {
    let moment = Moment(
      try #require(Timestamp(rfc3339: time)), try #require(Zone(zone)), try texts(.english))
    #expect(moment.text == text && moment.title == title)
    #expect(moment.iso.hasPrefix(time.prefix(19)))
  }

  @Test("where the zone is not known UTC is shown, and named")
  func unknown() throws {
    let time = try #require(Timestamp(rfc3339: "2026-11-22T12:05:00Z"))
    #expect(Moment(time, .utc, try texts(.english)).text == "22 Nov 2026, 12:05 UTC")
    #expect(Moment(time, .utc, try texts(.german)).text == "22. Nov. 2026, 12:05 UTC")
  }

  @Test(
    "a zone is a known name, never a path",
    arguments: [
      "", "../../etc/passwd", "/etc/localtime", "Europe/../../../etc/passwd", "Mars/Base", "Europe",
      "Europe/Berlin\n", "Europe/Berlin;x", String(repeating: "a", count: 65),
    ])
  func badZones(_ name: String) { #expect(Zone(name) == nil) }

  @Test(
    "a duration says its two largest units",
    arguments: [
      (Duration.zero, "0 s", "0 Sek."), (.seconds(59), "59 s", "59 Sek."),
      (.seconds(60), "1 min", "1 Min."), (.seconds(3_599), "59 min", "59 Min."),
      (.hours(1), "1 h", "1 Std."), (.seconds(11_520), "3 h 12 min", "3 Std. 12 Min."),
      (.hours(24), "1 d", "1 Tg."), (.hours(50), "2 d 2 h", "2 Tg. 2 Std."),
      (.seconds(-5), "0 s", "0 Sek."),
    ])
  func durations(_ duration: Duration, _ english: String, _ german: String) throws {
    #expect(try texts(.english).duration(duration) == english)
    #expect(try texts(.german).duration(duration) == german)
  }
}
