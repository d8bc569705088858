/// What a run has shown.
struct Report: Sendable {
  let operations: Samples
  let steps: [(name: String, samples: Samples)]
  /// From the end of the warm-up to the end of the last operation.
  let elapsed: Duration

  static let percentiles: [(name: String, percent: Double)] = [
    ("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100),
  ]

  var succeeded: Int { operations.succeeded }

  var perSecond: Double {
    elapsed > .zero ? Double(succeeded) / (elapsed / .seconds(1)) : 0
  }

  func text(_ format: OutputFormat, title: String) -> String {
    switch format {
    case .text: text(title)
    case .json: json(title)
    }
  }

  static func milliseconds(_ duration: Duration) -> String {
    fixed(duration / .milliseconds(1), 3)
  }

  /// A number with so many digits behind the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((value * scale).rounded())
    let whole = "\(scaled / Int(scale))"
    guard digits > 0 else { return whole }
    let rest = "\(scaled % Int(scale))"
    return whole + "." + String(repeating: "0", count: digits - rest.count) + rest
  }
}
