internal import StandardProto

/// Durations as people write them: `30 min`, `12 h`, `3 d`; the words of the units are the same in our
/// languages.
enum SettingsDuration {
  typealias Message = GoogleProtobuf.Duration

  private static let units: [(words: [String], seconds: Int64)] = [
    (["d", "day", "days", "tag", "tage", "tagen"], 86_400),
    (["h", "hour", "hours", "std", "stunde", "stunden"], 3_600),
    (["min", "m", "minute", "minutes", "minuten"], 60),
    (["s", "sec", "second", "seconds", "sekunde", "sekunden"], 1),
  ]

  /// In the largest unit that leaves no rest, but `90 d` rather than hours from three days on only.
  static func text(_ duration: Message) -> String {
    let seconds = duration.seconds
    for (words, unit) in units where seconds % unit == 0 && seconds > 0 {
      if unit == 86_400 && seconds < 3 * unit { continue }
      return "\(seconds / unit) \(words[0])"
    }
    return "\(seconds) s"
  }

  /// Nil for what is no whole number with a unit.
  static func message(_ text: String) -> Message? {
    let words = text.lowercased().filter { !$0.isWhitespace }
    let digits = words.prefix { $0.isASCII && $0.isNumber }
    guard (1...9).contains(digits.utf8.count), let count = Int64(digits),
      let unit = units.first(where: { $0.words.contains(String(words[digits.endIndex...])) })
    else { return nil }
    return .init(seconds: count * unit.seconds, nanos: 0)
  }
}
