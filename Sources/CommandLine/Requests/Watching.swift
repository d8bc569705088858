internal import Domain
internal import LockboxProto
internal import RPC

/// Follows one request and prints each of its states.
struct Watching {
  let session: Session
  let until: End

  enum End {
    /// Approved, or final.
    case decided
    case final

    func isReached(by state: CommonV1.AccessRequestState) -> Bool {
      switch self {
      case .decided: state.isFinal || state == .approved
      case .final: state.isFinal
      }
    }
  }

  /// - Throws: a failure with status `refused` when the request ends otherwise than hoped for.
  func follow(_ id: RequestID) async throws {
    var state: CommonV1.AccessRequestState?
    var last: IntakeV1.AccessRequestStatus?
    do {
      try await session.stream(
        IntakeV1.IntakeService.watchAccessRequest, .init(requestID: id.description), at: .intake
      ) { answer in
        guard let status = answer.accessRequest, status != last else { return true }
        last = status
        state = status.state
        return try show(.status(status))
      }
    } catch let failure as Failure where failure.status == .permission {
      // A customer's people may not ask intake.
      state = try await poll(id).state
    }
    guard let state, until.isReached(by: state) else {
      throw Failure(
        .temporary, "The stream ended before the request did. Watch again: lockboxctl watch \(id)")
    }
    if !state.isGood { throw Failure(.refused, "The request is \(state.words.text).") }
  }

  /// - Returns: whether there is more to come.
  private func show(_ request: Request) throws(Failure) -> Bool {
    try session.printer.changed(request, session.shell.times)
    return !until.isReached(by: request.state)
  }

  /// Approvals streams what happens to all requests from now on; one request's state now and each
  /// later one is had without a gap by asking.
  private func poll(_ id: RequestID) async throws -> Request {
    var last: Request?
    while true {
      let request = try await session.request(id)
      if request != last, try !show(request) { return request }
      last = request
      try await Task.sleep(for: .seconds(1))
    }
  }
}
