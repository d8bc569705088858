internal import Domain

/// A moment on a page: `{{#time}}{{>time}}{{/time}}`.
struct Moment: Sendable, Hashable {
  /// RFC 3339, UTC.
  let iso: String
  /// In the reader's zone: `22 Nov 2026, 13:05`; UTC is named where the zone is not known.
  let text: String
  /// UTC, shown on demand.
  let title: String

  init(_ moment: Timestamp, _ zone: Zone, _ texts: Texts) {
    let whole = Timestamp(nanoseconds: moment.seconds * 1_000_000_000)
    iso = whole.description
    title = Self.text(whole, texts) + " UTC"
    text =
      zone == .utc
      ? title : Self.text(whole + zone.offset(at: whole), texts)
  }

  private static func text(_ moment: Timestamp, _ texts: Texts) -> String {
    // 2026-11-22T09:00:00Z
    let digits = Array(moment.description.utf8)
    func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
    let month = Int(part(5..<7)) ?? 1
    return texts(
      "time.moment",
      [
        "day": String(Int(part(8..<10)) ?? 0), "month": texts("time.month.m\(month)"),
        "year": part(0..<4), "time": part(11..<16),
      ])
  }
}

extension Texts {
  /// The two largest units: `3 h 12 min`; never more than it is.
  func duration(_ duration: Swift.Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    let units: [(key: String, count: Int64)] = [
      ("time.unit.days", seconds / 86_400), ("time.unit.hours", seconds / 3_600 % 24),
      ("time.unit.minutes", seconds / 60 % 60), ("time.unit.seconds", seconds % 60),
    ]
    guard let first = units.firstIndex(where: { $0.count > 0 }) else {
      return self("time.unit.seconds", ["count": "0"])
    }
    // Seconds beside minutes only move.
    let shown = first >= 2 ? units[first...first] : units[first...(first + 1)]
    return shown.filter { $0.count > 0 }.map { self($0.key, ["count": "\($0.count)"]) }
      .joined(separator: " ")
  }
}
