/// Times as ProtoJSON writes them.
enum JSONTime {
  /// RFC 3339 in UTC with 0, 3, 6 or 9 digits after the point; the years 1 to 9999.
  static func timestamp(_ seconds: Int64, _ nanos: Int32) throws(EncodingError) -> String {
    // 0001-01-01T00:00:00Z ... 9999-12-31T23:59:59Z
    guard (-62_135_596_800...253_402_300_799).contains(seconds), (0..<1_000_000_000) ~= nanos else {
      throw .timeOutOfRange(type: "google.protobuf.Timestamp")
    }
    let day = Int((seconds >= 0 ? seconds : seconds - 86_399) / 86_400)
    let second = Int(seconds) - day * 86_400
    let date = civilDate(daysSinceEpoch: day)
    return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
      + padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
      + fraction(nanos) + "Z"
  }

  /// Seconds with 0, 3, 6 or 9 digits after the point, at most 10,000 years to either side.
  static func duration(_ seconds: Int64, _ nanos: Int32) throws(EncodingError) -> String {
    guard (-315_576_000_000...315_576_000_000).contains(seconds),
      (-999_999_999...999_999_999).contains(nanos),
      seconds == 0 || nanos == 0
        || (seconds < 0) == (nanos < 0)
    else { throw .timeOutOfRange(type: "google.protobuf.Duration") }
    let sign = seconds < 0 || nanos < 0 ? "-" : ""
    return "\(sign)\(seconds.magnitude)\(fraction(Int32(nanos.magnitude)))s"
  }

  private static func fraction(_ nanos: Int32) -> String {
    if nanos == 0 { return "" }
    let digits = padded(Int(nanos), 9)
    if nanos % 1_000_000 == 0 { return "." + digits.prefix(3) }
    if nanos % 1_000 == 0 { return "." + digits.prefix(6) }
    return "." + digits
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Days to a date of the Gregorian calendar, by eras of 400 years that begin on 1 March
  /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
  static func civilDate(
    daysSinceEpoch days: Int
  ) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
