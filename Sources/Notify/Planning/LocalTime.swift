internal import Domain
internal import Foundation

/// A moment on the clock of a time zone.
struct LocalTime: Hashable, Sendable {
  let year: Int
  let month: Int
  let day: Int
  let minuteOfDay: MinuteOfDay

  /// - Parameter timeZone: as the IANA time-zone database names it; UTC where it names none.
  init(_ moment: Timestamp, in timeZone: String) {
    let offset = Self.offset(moment, timeZone)
    let (days, rest) = Self.divide(moment.seconds + Int64(offset), by: 86_400)
    guard let minute = MinuteOfDay(minute: Int(rest / 60)) else {
      preconditionFailure("the rest of a day is less than a day")
    }
    minuteOfDay = minute
    (year, month, day) = Self.civil(days)
  }

  /// Whether there is such a zone.
  static func isKnown(_ timeZone: String) -> Bool { TimeZone(identifier: timeZone) != nil }

  /// `2026-11-22 14:05`
  var text: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day)) \(minuteOfDay)"
  }

  private static func offset(_ moment: Timestamp, _ timeZone: String) -> Int {
    guard timeZone != "UTC", let zone = TimeZone(identifier: timeZone) else { return 0 }
    return zone.secondsFromGMT(
      for: Date(timeIntervalSince1970: TimeInterval(moment.seconds)))
  }

  private static func divide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  /// The date of a day since 1970-01-01 in the Gregorian calendar (Howard Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms").
  private static func civil(_ days: Int64) -> (Int, Int, Int) {
    let (era, dayOfEra) = divide(days + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(dayOfYear - (153 * shifted + 2) / 5 + 1))
  }
}
