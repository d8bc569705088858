internal import ArgumentParser

extension LoadOptions {
  /// - Throws: one sentence: what cannot be meant, and what to write instead.
  static func check(_ options: LoadOptions) throws {
    let problem =
      loopProblem(options) ?? rangeProblem(options) ?? boundProblem(options)
    if let problem { throw ValidationError(problem) }
  }

  private static func loopProblem(_ options: LoadOptions) -> String? {
    if options.rate != nil {
      return options.callers == nil
        ? nil : "--callers is a closed loop, --rate an open one: give one of them."
    }
    let open: [(String, Bool)] = [
      ("--steps", options.steps != nil), ("--ramp", options.ramp),
      ("--step-duration", options.stepDuration != nil), ("--arrivals", options.arrivals != nil),
      ("--in-flight", options.inFlight != nil),
    ]
    guard let flag = open.first(where: \.1)?.0 else { return nil }
    return "\(flag) belongs to an open loop: give --rate as well."
  }

  private static func rangeProblem(_ options: LoadOptions) -> String? {
    guard let rate = options.rate else { return nil }
    if options.steps != nil && options.ramp {
      return "--steps and --ramp are two ways through a range: give one of them."
    }
    if options.stepDuration != nil && options.steps == nil {
      return "--step-duration belongs to --steps: give --steps as well, or --duration instead."
    }
    guard rate.isRange else {
      guard options.steps != nil || options.ramp else { return nil }
      let flag = options.ramp ? "--ramp" : "--steps"
      return "\(flag) needs a range: write --rate \(rate)..\(RateRange.text(rate.to * 10))."
    }
    if options.steps == nil && !options.ramp {
      return """
        --rate \(rate) is a range: add --steps 10 for one rate after the other, or --ramp to rise \
        all the time.
        """
    }
    if options.steps != nil && options.duration != nil {
      return "With --steps each step has its time: give --step-duration instead of --duration."
    }
    if options.count != nil { return "--count does not go with a range: leave it out." }
    return nil
  }

  private static func boundProblem(_ options: LoadOptions) -> String? {
    let day = Duration.seconds(86_400)
    return bound("--callers", options.callers, 1...100_000)
      ?? bound("--steps", options.steps, 2...100)
      ?? bound("--in-flight", options.inFlight, 1...1_000_000)
      ?? bound("--count", options.count, 1...1_000_000_000)
      ?? bound("--duration", options.duration, .milliseconds(1)...day)
      ?? bound("--step-duration", options.stepDuration, .milliseconds(1)...day)
      ?? bound("--warm-up", options.warmUp, .zero ... .seconds(3_600))
  }

  private static func bound(_ flag: String, _ value: Int?, _ range: ClosedRange<Int>) -> String? {
    guard let value, !range.contains(value) else { return nil }
    return "\(flag) \(value) is out of range: write \(range.lowerBound) to \(range.upperBound)."
  }

  private static func bound(
    _ flag: String, _ value: Duration?, _ range: ClosedRange<Duration>
  ) -> String? {
    guard let value, !range.contains(value) else { return nil }
    return """
      \(flag) \(TimeText.text(value)) is out of range: write \(TimeText.text(range.lowerBound)) to \
      \(TimeText.text(range.upperBound)).
      """
  }
}
