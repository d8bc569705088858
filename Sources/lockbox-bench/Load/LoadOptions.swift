internal import ArgumentParser

/// How much load, and for how long.
struct LoadOptions: ParsableArguments, CustomStringConvertible {
  @Option(help: "Closed loop: callers, each with one operation at a time. The default: 64.")
  var callers: Int?
  @Option(help: "Open loop: operations begun per second.")
  var rate: Double?
  @Option(help: "How long to measure. The default, without --count: 10.")
  var seconds: Double?
  @Option(help: "How many operations to measure.")
  var count: Int?
  @Option(help: "Seconds of load before the measuring begins.")
  var warmUp: Double = 1

  func validate() throws {
    if callers != nil && rate != nil {
      throw ValidationError("--callers is a closed loop, --rate an open one: give one of them.")
    }
    guard (1...100_000).contains(callers ?? 1), (0.01...1_000_000).contains(rate ?? 1),
      (0.001...86_400).contains(seconds ?? 1), (1...1_000_000_000).contains(count ?? 1),
      (0...3_600).contains(warmUp)
    else {
      throw ValidationError(
        """
        Out of range: --callers 1 to 100000, --rate 0.01 to 1000000, --seconds up to 86400, \
        --count 1 to 1000000000, --warm-up up to 3600.
        """)
    }
  }

  enum Loop {
    case closed(callers: Int)
    case open(interval: Duration)
  }

  var loop: Loop {
    if let rate { return .open(interval: .seconds(1 / rate)) }
    return .closed(callers: callers ?? 64)
  }

  /// Nil: no end but the count's.
  var duration: Duration? {
    seconds.map { .seconds($0) } ?? (count == nil ? .seconds(10) : nil)
  }

  var description: String {
    switch loop {
    case .closed(let callers): "closed loop of \(callers)"
    case .open: "open loop at \(rate ?? 0)/s"
    }
  }
}
