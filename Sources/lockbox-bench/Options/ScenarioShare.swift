internal import ArgumentParser

/// A scenario and its weight among others: `submit=8`.
struct ScenarioShare: Hashable, Sendable {
  let name: ScenarioName
  let weight: Double

  init(_ name: ScenarioName, weight: Double = 1) {
    self.name = name
    self.weight = weight
  }

  init(parsing text: String) throws(ValidationError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = ScenarioName(rawValue: String(parts[0])) else {
      let names = ScenarioName.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("there is no scenario ‘\(parts[0])’: choose from \(names).")
    }
    guard parts.count == 2 else {
      self.init(name)
      return
    }
    guard let weight = Double(parts[1]), (0.001...1_000_000).contains(weight) else {
      throw ValidationError("a weight is a number above 0: write \(name.rawValue)=8.")
    }
    self.init(name, weight: weight)
  }

  /// - Throws: when a scenario is named twice.
  static func check(_ shares: [ScenarioShare]) throws(ValidationError) {
    for (index, share) in shares.enumerated()
    where shares[..<index].contains(where: { $0.name == share.name }) {
      throw ValidationError(
        "--scenario \(share.name.rawValue) is given twice: give it once, with one weight.")
    }
  }

  /// `submit 80 %, get 20 %`, or the one scenario's name.
  static func title(_ shares: [ScenarioShare]) -> String {
    let sum = shares.reduce(0) { $0 + $1.weight }
    guard shares.count > 1 else { return shares.first?.name.rawValue ?? "" }
    return shares.map { "\($0.name.rawValue) \(Report.fixed(100 * $0.weight / sum, 0)) %" }
      .joined(separator: ", ")
  }
}
