internal import ArgumentParser

/// Durations as people write them: `250ms`, `5s`, `1.5s`, `2m`; a bare number is seconds.
enum TimeText {
  private static let units: [(name: String, seconds: Double)] = [
    ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600), ("", 1),
  ]

  static func parse(_ text: String) throws -> Duration {
    for (name, seconds) in units where text.hasSuffix(name) {
      guard let number = Double(text.dropLast(name.count)) else { continue }
      guard number >= 0, number * seconds <= 1e6 else { break }
      return .milliseconds(Int64((number * seconds * 1_000).rounded()))
    }
    throw ValidationError("write a time such as 250ms, 5s or 2m.")
  }

  static func text(_ duration: Duration) -> String {
    let milliseconds = duration.wholeNanoseconds / 1_000_000
    guard milliseconds.isMultiple(of: 1_000) else { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1_000
    return seconds > 60 && seconds.isMultiple(of: 60) ? "\(seconds / 60)m" : "\(seconds)s"
  }
}
