internal import Domain
internal import Glibc

/// Moments in the words of whoever reads them: local time, and how far from now.
struct LocalTime: Sendable {
  /// Offset from UTC in seconds, and the zone's abbreviation, at seconds since the epoch.
  typealias Zone = @Sendable (Int64) -> (offset: Int, name: String)

  let now: Timestamp
  let zone: Zone

  /// The zone that `TZ` or /etc/localtime names.
  static let systemZone: Zone = { seconds in
    var time = time_t(seconds)
    var parts = tm()
    guard localtime_r(&time, &parts) != nil else { return (0, "UTC") }
    // tm_zone points into glibc's own table of zones, which is never freed.
    return (parts.tm_gmtoff, parts.tm_zone.map { String(cString: $0) } ?? "UTC")
  }

  static let utc: Zone = { _ in (0, "UTC") }

  /// `2026-11-21 23:10:00 CET`.
  func clock(_ moment: Timestamp) -> String {
    let (offset, name) = zone(moment.seconds)
    let shifted = Timestamp(seconds: moment.seconds, nanos: 0).map { $0 + .seconds(offset) }
    let text = (shifted ?? moment).description
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) \(name)"
  }

  /// `in 3 h 12 min`, `5 min ago`, `now`.
  func relative(_ moment: Timestamp) -> String {
    let distance = moment - now
    if distance >= .seconds(1) { return "in \(TimeSpan(distance))" }
    if distance <= .seconds(-1) { return "\(TimeSpan(.zero - distance)) ago" }
    return "now"
  }

  /// Both: `2026-11-21 23:10:00 CET (in 3 h 12 min)`.
  func full(_ moment: Timestamp) -> String { "\(clock(moment)) (\(relative(moment)))" }
}
