internal import Domain
internal import RPC
internal import Synchronization

@testable internal import Expiry

/// Stands in for approvals: keeps what it is told, and answers as a test wants.
final class FakeTarget: DeadlineTarget {
  typealias Answer = @Sendable (Deadline) async -> Result<DeadlineOutcome, RPCError>

  private struct State {
    var told: [Deadline] = []
    var answer: Answer = { _ in .success(.ended) }
  }

  private let state = Mutex(State())

  var told: [Deadline] { state.withLock { $0.told } }

  func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

  func set(down: Bool) {
    answer { _ in down ? .failure(RPCError(.unavailable, "down")) : .success(.ended) }
  }

  func tell(_ deadline: Deadline) async throws(RPCError) -> DeadlineOutcome {
    let answer = state.withLock { state in
      state.told.append(deadline)
      return state.answer
    }
    return try await answer(deadline).get()
  }
}
