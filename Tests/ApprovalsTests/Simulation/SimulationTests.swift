internal import Domain
internal import Glibc
internal import TestKit
internal import Testing

/// Long lives of many requests together, each from a seed; `SIMULATIONS` says how many, 20 otherwise.
@Suite("Simulated lives")
struct SimulationTests {
  private static let count = getenv("SIMULATIONS").flatMap { Int(String(cString: $0)) } ?? 20

  @Test("whatever people, faults and clocks do, the feed alone shows that the rules held")
  func seeds() async throws {
    var generator = TestGenerator.announced()
    var ends: [String: Int] = [:]
    for _ in 0..<Self.count {
      let seed = generator.next()
      var simulation = try await Simulation(seed: seed)
      for _ in 0..<400 {
        try await simulation.step()
        guard simulation.ledger.problems.isEmpty, simulation.ledger.orphans.isEmpty else { break }
      }
      let states = try await simulation.finish()
      #expect(simulation.ledger.problems.isEmpty, "seed \(seed)")
      #expect(simulation.ledger.orphans.isEmpty, "seed \(seed)")
      #expect(states.allSatisfy { $0.isFinal }, "seed \(seed): \(states)")
      for life in simulation.ledger.lives.values { ends[life.end ?? "none", default: 0] += 1 }
    }
    print("simulated: \(ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" })")
  }
}
