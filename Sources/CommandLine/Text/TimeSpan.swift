internal import ArgumentParser
internal import Domain

/// A duration as people write and read it.
struct TimeSpan: Hashable, Sendable {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  /// Reads `12h`, `90s`, `1h30m`, `250ms`, `2d`: whole numbers, each unit once, large to small.
  init?(parsing text: String) {
    var rest = Substring(text).utf8
    var total = Duration.zero
    var last = -1
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { !(0x30...0x39).contains($0) }
      rest = rest.dropFirst(letters.count)
      guard (1...9).contains(digits.count), let count = Int64(String(Substring(digits))),
        let index = Self.units.firstIndex(where: { $0.name.utf8.elementsEqual(letters) }),
        index > last
      else { return nil }
      last = index
      total += .milliseconds(count * Self.units[index].milliseconds)
    }
    duration = total
  }

  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]

  /// As it is read, `1h30m`; nil where no such text is exact: below a millisecond and below zero.
  var written: String? {
    let (seconds, attoseconds) = duration.components
    guard duration >= .zero, attoseconds % 1_000_000_000_000_000 == 0 else { return nil }
    var rest = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    var text = ""
    for unit in Self.units.dropFirst() where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text.isEmpty ? "0s" : text
  }

  /// What to write instead.
  static let expectation = "a duration such as 12h, 90s or 1h30m"
}

extension TimeSpan: CustomStringConvertible {
  /// The two largest units: `3 h 12 min`, `45 s`, `2 d 4 h`. Fractions of a second only below one.
  var description: String {
    let (seconds, attoseconds) = duration.components
    if seconds < 0 || attoseconds < 0 { return "-\(TimeSpan(.zero - duration))" }
    let parts = [
      (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"),
      (seconds % 60, "s"),
    ]
    guard let first = parts.firstIndex(where: { $0.0 > 0 }) else {
      let milliseconds = attoseconds / 1_000_000_000_000_000
      return milliseconds > 0 ? "\(milliseconds) ms" : "0 s"
    }
    return parts[first..<min(first + 2, parts.count)].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}

extension TimeSpan: ExpressibleByArgument {
  init?(argument: String) { self.init(parsing: argument) }
}
