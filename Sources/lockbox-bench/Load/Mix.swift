internal import RPC

/// What one operation is.
struct Scenario: Sendable {
  let name: String
  /// The `:path` of the one method that it calls; nil for none or several.
  var method: String?
  /// The parts that are measured by themselves, in order; each is a method's path or nil, too.
  var steps: [(name: String, method: String?)] = []
  /// Before the load: what the operations need.
  var prepare: @Sendable () async throws -> Void = {}
  let run: @Sendable (Call) async throws(RPCError) -> Void
}

/// Scenarios, chosen at random by weight for each operation.
struct Mix: Sendable {
  /// What is measured by itself: a scenario, or a step of the one before it.
  struct Row: Sendable, Hashable {
    let name: String
    let method: String?
    let isStep: Bool
  }

  let scenarios: [Scenario]
  let rows: [Row]
  /// The row of each scenario; its steps follow.
  let firstRows: [Int]
  private let bounds: [Double]

  /// - Parameter shares: with weights above 0; at least one.
  init(_ shares: [(scenario: Scenario, weight: Double)]) {
    scenarios = shares.map(\.scenario)
    var rows: [Row] = []
    firstRows = shares.map { share in
      defer {
        rows.append(Row(name: share.scenario.name, method: share.scenario.method, isStep: false))
        for (name, method) in share.scenario.steps {
          rows.append(Row(name: name, method: method, isStep: true))
        }
      }
      return rows.count
    }
    self.rows = rows
    var sum = 0.0
    bounds = shares.map { share in
      sum += share.weight
      return sum
    }
  }

  init(_ scenario: Scenario) { self.init([(scenario, 1)]) }

  func prepare() async throws {
    for scenario in scenarios { try await scenario.prepare() }
  }

  /// The number of the next operation's scenario.
  func pick(using random: inout SeededGenerator) -> Int {
    guard bounds.count > 1, let sum = bounds.last else { return 0 }
    let point = Double.random(in: 0..<sum, using: &random)
    return bounds.firstIndex { point < $0 } ?? bounds.count - 1
  }
}
