internal import Domain
internal import RPC
internal import Synchronization

@testable internal import Expiry

/// Stands in for approvals: keeps what it is told, and answers as a test wants.
final class FakeTarget: DeadlineTarget {
  typealias Answer = @Sendable (Deadline) async -> Result<DeadlineOutcome, RPCError>

  typealias Announcement = @Sendable (Int, RequestID) -> Result<Timestamp?, RPCError>

  private struct State {
    var told: [Deadline] = []
    var announced: [RequestID] = []
    var announce: Announcement = { _, _ in .success(nil) }
    var answer: Answer = { _ in .success(.ended) }
  }

  private let state = Mutex(State())

  var announced: [RequestID] { state.withLock { $0.announced } }

  func announce(_ announce: @escaping Announcement) { state.withLock { $0.announce = announce } }

  func announce(_ stage: Int, of request: RequestID) async throws(RPCError) -> Timestamp? {
    let announce = state.withLock { state in
      state.announced.append(request)
      return state.announce
    }
    return try announce(stage, request).get()
  }

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
