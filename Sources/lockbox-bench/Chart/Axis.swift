internal import Glibc

/// Values along one side of a plot.
struct Axis {
  let range: ClosedRange<Double>
  let ticks: [Double]
  private let isLogarithmic: Bool

  /// Even steps from 0.
  ///
  /// - Parameter isRounded: whether the axis ends with a step, or with the maximum itself.
  static func linear(upTo maximum: Double, isRounded: Bool, steps: Double = 5) -> Axis {
    let maximum = maximum > 0 ? maximum : 1
    let step = step(maximum / steps)
    let count = Int((maximum / step - 1e-9).rounded(isRounded ? .up : .down))
    let top = isRounded ? Double(count) * step : maximum
    return Axis(
      range: 0...top, ticks: (0...count).map { Double($0) * step }, isLogarithmic: false)
  }

  /// Even ratios, from a round number below `values` to one above them.
  static func logarithmic(covering values: ClosedRange<Double>) -> Axis {
    let lower = max(values.lowerBound, 1e-6)
    let upper = max(values.upperBound, lower)
    var marks = marks(from: lower, to: upper)
    if marks.count < 2 { marks.append(marks[0] * 10) }
    let bounds = marks[0]...marks[marks.count - 1]
    if marks.count > 7 { marks = marks.filter { abs(log10($0).rounded() - log10($0)) < 1e-9 } }
    return Axis(range: bounds, ticks: marks, isLogarithmic: true)
  }

  /// Where a value lies: 0 at the beginning, 1 at the end.
  func fraction(_ value: Double) -> Double {
    let value = min(max(value, range.lowerBound), range.upperBound)
    guard isLogarithmic else {
      return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
    return log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
  }

  /// 1, 2 or 5 times a power of ten, at least so much.
  private static func step(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
  }

  /// The numbers 1, 2 and 5 times a power of ten around a range.
  private static func marks(from lower: Double, to upper: Double) -> [Double] {
    var marks: [Double] = []
    var exponent = Int(log10(lower).rounded(.down))
    while marks.last.map({ $0 < upper * (1 - 1e-9) }) ?? true {
      for digit in [1.0, 2, 5] {
        let mark =
          exponent < 0 ? digit / pow(10, Double(-exponent)) : digit * pow(10, Double(exponent))
        if mark <= lower * (1 + 1e-9) { marks = [mark] } else { marks.append(mark) }
        if mark >= upper * (1 - 1e-9) { break }
      }
      exponent += 1
    }
    return marks
  }

  /// `0.05`, `20`, `5,000`.
  static func label(_ value: Double) -> String {
    var digits = 0
    var scaled = value
    while digits < 6, abs(scaled - scaled.rounded()) > 1e-6 * max(1, abs(scaled)) {
      digits += 1
      scaled *= 10
    }
    return grouped(Report.fixed(value, digits))
  }

  /// With a comma before every third digit in front of the point.
  private static func grouped(_ number: String) -> String {
    let whole = number.prefix { $0 != "." }
    var output = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { output.append(",") }
      output.append(digit)
    }
    return output + number.dropFirst(whole.count)
  }
}
