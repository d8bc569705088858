internal import ArgumentParser

/// Operations per second: one number, or two with a rise between them.
struct RateRange: Hashable, Sendable {
  let from: Double
  let to: Double

  static let limits = 0.01...1_000_000

  init(from: Double, to: Double) {
    self.from = from
    self.to = to
  }

  /// Reads `500` or `100..5000`.
  init(parsing text: String) throws(ValidationError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    // A range has two dots in a row; each of its numbers may have one of its own.
    guard let gap = parts.firstIndex(of: ""), gap > 0, gap < parts.count - 1 else {
      let rate = try Self.number(text)
      self.init(from: rate, to: rate)
      return
    }
    let from = try Self.number(parts[..<gap].joined(separator: "."))
    let to = try Self.number(parts[(gap + 1)...].joined(separator: "."))
    guard from < to else {
      throw ValidationError("a range rises: write 100..5000.")
    }
    self.init(from: from, to: to)
  }

  private static func number(_ text: String) throws(ValidationError) -> Double {
    guard let number = Double(text), number.isFinite else {
      throw ValidationError("write operations per second, such as 500, or a range, 100..5000.")
    }
    guard limits.contains(number) else {
      throw ValidationError("a rate is between 0.01 and 1000000 operations per second.")
    }
    return number
  }

  var isRange: Bool { from < to }

  /// - Parameter fraction: of the way from the lower rate to the upper one.
  func at(_ fraction: Double) -> Double { from + (to - from) * fraction }
}

extension RateRange: CustomStringConvertible {
  var description: String {
    isRange ? "\(Self.text(from))..\(Self.text(to))" : Self.text(from)
  }

  /// Without a fraction where there is none.
  static func text(_ rate: Double) -> String {
    rate == rate.rounded() ? "\(Int(rate))" : "\(rate)"
  }
}
