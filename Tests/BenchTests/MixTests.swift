internal import RPC
internal import Testing

@testable internal import lockbox_bench

@Suite("Mix")
struct MixTests {
  private func mix(_ clock: Simulation) -> Mix {
    let quick = Scenario(name: "quick", method: "/test.v1.Test/Quick") { _ throws(RPCError) in
      await clock.sleep(for: .milliseconds(1))
    }
    let slow = Scenario(name: "slow", steps: [("first", "/test.v1.Test/First"), ("second", nil)]) {
      call throws(RPCError) in
      try await call.step("first") { () async throws(RPCError) in
        await clock.sleep(for: .milliseconds(20))
      }
      try await call.step("second") { () async throws(RPCError) in
        await clock.sleep(for: .milliseconds(30))
        if call.number.isMultiple(of: 2) { throw RPCError(.aborted, "every second one") }
      }
    }
    return Mix([(quick, 8), (slow, 2)])
  }

  @Test("scenarios come by their weights, and each is measured by itself, as are its steps")
  func weights() async throws {
    let trial = Trial()
    let report = try await trial.report(
      mix(trial.clock), "--rate 1000 --duration 10s --arrivals poisson", lanes: 2)
    #expect(report.rows.map(\.name) == ["quick", "slow", "first", "second"])
    let rows = report.total.recording.rows
    let due = Double(report.total.due)
    #expect(abs(Double(rows[0].ended) / due - 0.8) < 0.02)
    #expect(rows[0].ended + rows[1].ended == report.total.operations.ended)
    #expect(rows[2].ended == rows[1].ended && rows[3].ended == rows[1].ended)
    #expect(abs(percentile(99, rows[0]) - 1) < 0.01)
    #expect(abs(percentile(50, rows[1]) - 50) < 0.1)
    #expect(abs(percentile(50, rows[2]) - 20) < 0.1)
    #expect(abs(percentile(50, rows[3]) - 30) < 0.1)
    #expect(rows[2].failed == 0 && rows[3].failed == rows[1].failed && rows[3].failed > 0)
  }

  @Test("a closed loop mixes, too, and the same seed chooses the same")
  func closed() async throws {
    func counts() async throws -> [Int] {
      let trial = Trial()
      return try await trial.report(mix(trial.clock), "--callers 4 --count 2000 --seed 5")
        .total.recording.rows.map(\.ended)
    }
    let first = try await counts()
    #expect(first == (try await counts()))
    #expect(abs(first[0] - 1_600) < 120)
  }
}
