internal import Domain
internal import Testing

@testable internal import Notify

@Suite struct TimingTests {
  private static let night = QuietHours(
    start: MinuteOfDay("22:00")!, end: MinuteOfDay("07:00")!)

  private static func moment(_ text: String) -> Timestamp { Timestamp(rfc3339: text)! }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    var kind = NoticeKind.approvalNeeded
    let now: String
    var deadline: String?
    var isRead = true
    var mayGather = true
    var digest: Duration?
    var timeZone = "UTC"
    var quiet: QuietHours? = TimingTests.night
    let leaves: String
    var isDigest = false

    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(
      name: "by day at once", now: "2026-11-22T12:00:00Z", leaves: "2026-11-22T12:00:00Z"),
    Row(
      name: "at night in the morning", now: "2026-11-22T23:30:20Z",
      leaves: "2026-11-23T07:00:00Z"),
    Row(
      name: "after midnight in the morning", now: "2026-11-23T06:59:59Z",
      leaves: "2026-11-23T07:00:00Z"),
    Row(
      name: "night is where the tenant is", now: "2026-11-22T21:30:00Z", timeZone: "Europe/Berlin",
      leaves: "2026-11-23T06:00:00Z"),
    Row(
      name: "in summer an hour earlier", now: "2026-07-22T20:30:00Z", timeZone: "Europe/Berlin",
      leaves: "2026-07-23T05:00:00Z"),
    Row(
      name: "a zone that nobody knows is UTC", now: "2026-11-22T21:30:00Z",
      timeZone: "Atlantis/Main", leaves: "2026-11-22T21:30:00Z"),
    Row(
      name: "a deadline far away can wait", now: "2026-11-22T23:00:00Z",
      deadline: "2026-11-23T23:00:00Z", leaves: "2026-11-23T07:00:00Z"),
    Row(
      name: "half of the time must be left in the morning", now: "2026-11-22T23:00:00Z",
      deadline: "2026-11-23T11:00:00Z", leaves: "2026-11-22T23:00:00Z"),
    Row(
      name: "the last reminder breaks the night", kind: .aboutToExpire,
      now: "2026-11-22T23:00:00Z", deadline: "2026-11-24T23:00:00Z",
      leaves: "2026-11-22T23:00:00Z"),
    Row(
      name: "a broken glass breaks the night", kind: .breakGlassUsed,
      now: "2026-11-22T23:00:00Z", leaves: "2026-11-22T23:00:00Z"),
    Row(
      name: "machines have no night", now: "2026-11-22T23:00:00Z", isRead: false,
      leaves: "2026-11-22T23:00:00Z"),
    Row(
      name: "what nobody waits for is gathered", kind: .grantEnded, now: "2026-11-22T12:10:00Z",
      digest: .hours(1), leaves: "2026-11-22T13:00:00Z", isDigest: true),
    Row(
      name: "a digest at night leaves in the morning", kind: .grantEnded,
      now: "2026-11-22T22:10:00Z", digest: .hours(1), leaves: "2026-11-23T07:00:00Z",
      isDigest: true),
    Row(
      name: "a digest that would be at night leaves in the morning", kind: .grantEnded,
      now: "2026-11-22T21:10:00Z", digest: .hours(1), leaves: "2026-11-23T07:00:00Z",
      isDigest: true),
    Row(
      name: "what waits for an approver is not gathered", now: "2026-11-22T12:10:00Z",
      digest: .hours(1), leaves: "2026-11-22T12:10:00Z"),
    Row(
      name: "chats are not gathered", kind: .grantEnded, now: "2026-11-22T12:10:00Z",
      mayGather: false, digest: .hours(1), leaves: "2026-11-22T12:10:00Z"),
    Row(
      name: "without quiet hours there is no night", now: "2026-11-22T23:00:00Z", quiet: nil,
      leaves: "2026-11-22T23:00:00Z"),
  ]

  @Test(arguments: rows)
  func `A notice leaves when it should`(_ row: Row) {
    let timing = NoticeTiming(
      quietHours: row.quiet, digestInterval: row.digest, timeZone: row.timeZone)
    let placed = timing.notBefore(
      row.kind, now: Self.moment(row.now), deadline: row.deadline.map(Self.moment),
      isRead: row.isRead, mayGather: row.mayGather)
    #expect(placed.moment == Self.moment(row.leaves), "\(placed.moment)")
    #expect(placed.isDigest == row.isDigest)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", "1970-01-01 00:00"), ("2000-02-29T23:59:59Z", "2000-02-29 23:59"),
    ("2026-12-31T23:59:00Z", "2026-12-31 23:59"), ("1969-12-31T23:59:00Z", "1969-12-31 23:59"),
    ("2100-03-01T00:00:00Z", "2100-03-01 00:00"),
  ])
  func `Dates are those of the calendar`(_ moment: String, _ text: String) {
    #expect(LocalTime(Self.moment(moment), in: "UTC").text == text)
  }

  @Test func `Zones are where they are`() {
    let noon = Self.moment("2026-11-22T12:00:00Z")
    #expect(LocalTime(noon, in: "Europe/Berlin").text == "2026-11-22 13:00")
    #expect(LocalTime(noon, in: "America/New_York").text == "2026-11-22 07:00")
    #expect(LocalTime(noon, in: "Asia/Kolkata").text == "2026-11-22 17:30")
    #expect(LocalTime(noon, in: "Pacific/Kiritimati").text == "2026-11-23 02:00")
    #expect(LocalTime.isKnown("Europe/Berlin") && !LocalTime.isKnown("Atlantis/Main"))
  }
}
