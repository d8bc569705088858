internal import ArgumentParser
internal import RPC
internal import Synchronization
internal import Testing

@testable internal import lockbox_bench

@Suite("Load")
struct LoadTests {
  private func options(_ words: String...) throws -> LoadOptions {
    try LoadOptions.parse(words + ["--warm-up", "0"])
  }

  @Test(
    "a counted load runs every operation once, in either loop",
    arguments: [["--callers", "7"], ["--rate", "20000"]])
  func counts(loop: [String]) async throws {
    let options = try LoadOptions.parse(loop + ["--count", "100", "--warm-up", "0"])
    let seen = Mutex<[Int]>([])
    let report = await Load(options, Recorder()).run { number, _ throws(RPCError) in
      seen.withLock { $0.append(number) }
    }
    #expect(seen.withLock { $0.sorted() } == Array(0..<100))
    #expect(report.succeeded == 100)
    #expect(report.operations.errors.isEmpty)
  }

  @Test("failures are counted by status and are in no percentile")
  func failures() async throws {
    let report = try await Load(options("--callers", "3", "--count", "30"), Recorder())
      .run { number, _ throws(RPCError) in
        switch number % 3 {
        case 0: throw RPCError(.unavailable, "no")
        case 1: throw RPCError(.notFound, "none")
        default: return
        }
      }
    #expect(report.succeeded == 10)
    #expect(report.operations.ended == 30)
    #expect(report.operations.errors == [.unavailable: 10, .notFound: 10])
  }

  @Test("an open loop begins operations while earlier ones have not ended")
  func openLoop() async throws {
    let gate = Gate()
    // The first nine wait for the tenth: in a closed loop of one it would never begin.
    let report = try await Load(options("--rate", "1000", "--count", "10"), Recorder())
      .run { number, _ throws(RPCError) in
        if number == 9 { gate.open() } else { await gate.pass() }
      }
    #expect(report.succeeded == 10)
  }

  @Test(
    "what cannot be meant is refused",
    arguments: [
      ["--callers", "1", "--rate", "1"], ["--callers", "0"], ["--rate", "0"], ["--count", "0"],
      ["--seconds", "-1"], ["--warm-up", "-1"],
    ])
  func refusals(words: [String]) {
    #expect(throws: (any Error).self) { try LoadOptions.parse(words) }
  }
}

/// Closed until somebody opens it.
private final class Gate: Sendable {
  private let state = Mutex((isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.resume() }
  }

  func pass() async {
    await withCheckedContinuation { one in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(one) }
        return state.isOpen
      }
      if isOpen { one.resume() }
    }
  }
}
