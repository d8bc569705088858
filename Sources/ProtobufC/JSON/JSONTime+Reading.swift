/// Times read back from what ProtoJSON writes.
extension JSONTime {
  /// RFC 3339 with an offset; up to 9 digits of a second.
  static func timestamp(_ text: String) -> TreeFormat.Seconds? {
    var scanner = Scanner(text)
    guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2),
      scanner.take("-"), let day = scanner.number(2), scanner.take("T"),
      let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2),
      scanner.take(":"), let second = scanner.number(2), let nanos = scanner.fraction(),
      let offset = scanner.offset(), scanner.isAtEnd,
      (1...9999).contains(year), (1...12).contains(month), hour < 24, minute < 60, second < 60,
      let days = daysSinceEpoch(year: year, month: month, day: day)
    else { return nil }
    let seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
    guard (-62_135_596_800...253_402_300_799).contains(seconds) else { return nil }
    return (seconds, nanos)
  }

  /// `5400s`, `-1.500s`.
  static func duration(_ text: String) -> TreeFormat.Seconds? {
    var scanner = Scanner(text)
    let sign: Int64 = scanner.take("-") ? -1 : 1
    guard let seconds = scanner.digits(atMost: 12), let nanos = scanner.fraction(),
      scanner.take("s"), scanner.isAtEnd, seconds <= 315_576_000_000
    else { return nil }
    return (sign * Int64(seconds), Int32(sign) * nanos)
  }

  /// The inverse of `civilDate`, for dates that there are.
  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int? {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    let date = civilDate(daysSinceEpoch: days)
    return date == (year, month, day) ? days : nil
  }

  private struct Scanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
      rest = Substring(text).utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest.removeFirst()
      return true
    }

    /// A number of exactly so many digits.
    mutating func number(_ width: Int) -> Int? {
      let digits = rest.prefix(width)
      guard digits.count == width, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      rest.removeFirst(width)
      return Int(String(Substring(digits)))
    }

    mutating func digits(atMost width: Int) -> Int? {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      return (1...width).contains(count) ? number(count) : nil
    }

    /// What stands after a point, in nanoseconds; 0 where there is none.
    mutating func fraction() -> Int32? {
      guard take(".") else { return 0 }
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      guard (1...9).contains(count), let value = number(count) else { return nil }
      return Int32((count..<9).reduce(value) { product, _ in product * 10 })
    }

    /// Seconds east of Greenwich.
    mutating func offset() -> Int? {
      if take("Z") { return 0 }
      let sign = take("+") ? 1 : take("-") ? -1 : 0
      guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24,
        minutes < 60
      else { return nil }
      return sign * (hours * 3600 + minutes * 60)
    }
  }
}
