internal import RPC

extension Report {
  /// For programs: one object in one line, latencies in milliseconds.
  func json(_ title: String) -> String {
    let members = [
      "\"title\":\"\(title)\"",
      "\"seconds\":\(Self.fixed(elapsed / .seconds(1), 3))",
      "\"per_second\":\(Self.fixed(perSecond, 1))",
      "\"operations\":\(Self.json(operations))",
      "\"steps\":{\(steps.map { "\"\($0.name)\":\(Self.json($0.samples))" }.joined(separator: ","))}",
    ]
    return "{\(members.joined(separator: ","))}"
  }

  private static func json(_ samples: Samples) -> String {
    let latencies = percentiles.compactMap { name, percent in
      samples.percentile(percent).map { "\"\(name)\":\(milliseconds($0))" }
    }
    let errors = samples.errors.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\"\($0.key.name)\":\($0.value)" }
    return """
      {"succeeded":\(samples.succeeded),"milliseconds":{\(latencies.joined(separator: ","))},\
      "errors":{\(errors.joined(separator: ","))}}
      """
  }
}
