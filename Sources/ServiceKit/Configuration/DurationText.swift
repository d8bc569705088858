/// A duration as people write it in configuration: one whole number and one unit.
struct DurationText: Hashable, CustomStringConvertible {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  /// `250ms`, `10s`, `5m`, `12h`.
  init?(parsing text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard digits.utf8.count <= 9, let count = Int64(digits) else { return nil }
    switch text[digits.endIndex...] {
    case "ms": duration = .milliseconds(count)
    case "s": duration = .seconds(count)
    case "m": duration = .seconds(count * 60)
    case "h": duration = .seconds(count * 3600)
    default: return nil
    }
  }

  var description: String {
    let (seconds, attoseconds) = duration.components
    if attoseconds != 0 {
      return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms"
    }
    if seconds != 0 && seconds % 3600 == 0 { return "\(seconds / 3600)h" }
    if seconds != 0 && seconds % 60 == 0 { return "\(seconds / 60)m" }
    return "\(seconds)s"
  }
}
