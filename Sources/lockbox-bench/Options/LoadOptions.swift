internal import ArgumentParser

/// How much load, and for how long.
struct LoadOptions: ParsableArguments {
  @Option(help: "Closed loop: callers, each with one operation at a time. The default: 64.")
  var callers: Int?
  @Option(
    help: "Open loop: operations begun per second, or a range such as 100..5000.",
    transform: RateRange.init(parsing:))
  var rate: RateRange?
  @Option(help: "The rates of a range, one after the other: so many of them.")
  var steps: Int?
  @Option(
    help: "How long each step lasts. The default: 5s.",
    transform: TimeText.parse)
  var stepDuration: Duration?
  @Flag(help: "The rates of a range, rising all the time.")
  var ramp = false
  @Option(help: "How operations of an open loop follow one another.")
  var arrivals: Arrivals.Spacing?
  @Option(
    help: "Operations in flight in an open loop, at most. The default: 10000.")
  var inFlight: Int?
  @Option(
    help: "How long to measure, such as 30s or 2m. The default, without --count: 10s.",
    transform: TimeText.parse)
  var duration: Duration?
  @Option(help: "How many operations to measure.")
  var count: Int?
  @Option(help: "Load before the measuring begins. The default: 1s.", transform: TimeText.parse)
  var warmUp: Duration?
  @Option(help: "Repeats the random choices of an earlier run.")
  var seed: UInt64?

  func validate() throws { try Self.check(self) }
}

extension LoadOptions {
  /// Slices of a ramp that are reported by themselves.
  static let slices = 10

  /// - Parameter seed: where the options name none.
  func plan(seed random: UInt64) -> LoadPlan {
    var plan = LoadPlan(segments: [], count: count, seed: seed ?? random)
    if let inFlight { plan.inFlight = inFlight }
    let warmUp = warmUp ?? .seconds(1)
    if warmUp > .zero {
      plan.segments.append(Segment(pace: firstPace, duration: warmUp, phases: 0..<0))
    }
    plan.segments += measured
    return plan
  }

  private var spacing: Arrivals.Spacing { arrivals ?? .constant }

  private var firstPace: Segment.Pace {
    guard let rate else { return .closed(callers: callers ?? 64) }
    return .open(RateCurve(constant: rate.from), spacing)
  }

  private var measured: [Segment] {
    let whole = duration ?? (count == nil ? .seconds(10) : nil)
    guard let rate, rate.isRange else {
      return [Segment(pace: firstPace, duration: whole, phases: 0..<1)]
    }
    if let steps {
      return (0..<steps).map { step in
        let curve = RateCurve(constant: rate.at(Double(step) / Double(steps - 1)))
        return Segment(
          pace: .open(curve, spacing), duration: stepDuration ?? .seconds(5),
          phases: step..<step + 1)
      }
    }
    let total = duration ?? .seconds(60)
    let curve = RateCurve(from: rate.from, to: rate.to, over: total)
    return [Segment(pace: .open(curve, spacing), duration: total, phases: 0..<Self.slices)]
  }

  /// For the first line of a report.
  var title: String {
    guard let rate else { return "closed loop of \(callers ?? 64)" }
    let random = spacing == .poisson ? ", Poisson arrivals" : ""
    guard rate.isRange else { return "open loop at \(rate)/s\(random)" }
    if let steps {
      let each = TimeText.text(stepDuration ?? .seconds(5))
      return "open loop, \(rate)/s in \(steps) steps of \(each)\(random)"
    }
    return "open loop, rising \(rate)/s within \(TimeText.text(duration ?? .seconds(60)))\(random)"
  }
}
