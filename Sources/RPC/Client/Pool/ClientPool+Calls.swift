internal import NIOCore

// The life of a call: start, waiting, end.

extension ClientPool {
  func start(_ call: ClientCall) {
    executor.assertOnLoop()
    if call.isCancelled { return finish(call, Self.cancelled) }
    guard shutdown == nil else { return finish(call, shutDownError) }
    calls.insert(call)
    armDeadlineTimer()
    dispatch(call)
  }

  func cancel(_ call: ClientCall) {
    executor.assertOnLoop()
    switch call.phase {
    case .created: call.isCancelled = true
    case .waiting, .delayed, .running: finish(call, Self.cancelled)
    case .finished: break
    }
  }

  /// Begins an attempt, or has the call wait for what it needs.
  func dispatch(_ call: ClientCall) {
    executor.assertOnLoop()
    guard shutdown == nil else { return finish(call, shutDownError) }
    if waiting.count == endedWaiting, let connection = pick() {
      begin(call, on: connection)
      return
    }
    connectIfNeeded()
    if isFailing, !call.waitForReady, let connectError { return finish(call, connectError) }
    guard waiting.count - endedWaiting < options.maximumWaitingCalls else {
      let limit = options.maximumWaitingCalls
      return finish(
        call, RPCError(.resourceExhausted, "\(limit) calls already wait for \(target)"))
    }
    call.phase = .waiting
    waiting.append(call)
  }

  private func begin(_ call: ClientCall, on connection: ClientConnection) {
    call.attempts += 1
    let stream = ClientStream(call, on: connection)
    call.phase = .running(stream)
    let remaining = call.timeout.map { _ in Duration(call.deadline - .now()) }
    let fields = call.request.fields(
      authority: target.authority, remaining: remaining, previousAttempts: call.attempts - 1)
    if !connection.begin(stream, fields) {
      attemptEnded(call, .unsent(lostConnection(.closed)), isCommitted: false)
    }
  }

  /// Room for calls has appeared on some connection.
  func roomAppeared() {
    executor.assertOnLoop()
    while let call = waiting.first {
      if call.isFinished {
        waiting.removeFirst()
        endedWaiting -= 1
        continue
      }
      guard let connection = pick() else { return }
      waiting.removeFirst()
      begin(call, on: connection)
    }
  }

  // MARK: - The end of a call

  func finish(_ call: ClientCall, _ error: RPCError?, trailers: Metadata = [:]) {
    executor.assertOnLoop()
    switch call.phase {
    case .finished: return
    case .running(let stream): stream.abandon()
    case .waiting: endedWaiting += 1
    case .delayed:
      call.timer?.cancel()
      call.timer = nil
    case .created: break
    }
    call.phase = .finished
    calls.remove(call)
    call.requests?.end(error)
    call.ended(error, trailers: error?.trailers ?? trailers)
    if endedWaiting > 64, endedWaiting * 2 > waiting.count { dropEndedWaiting() }
    if let shutdown, calls.isEmpty { closeAll(shutdown) }
  }

  private func dropEndedWaiting() {
    waiting.removeAll { $0.isFinished }
    endedWaiting = 0
  }

  private static let cancelled = RPCError(.cancelled, "the caller cancelled the call")

  // MARK: - Deadlines

  private func armDeadlineTimer() {
    guard let first = calls.first, first.deadline < .distantFuture else { return }
    if let timer = deadlineTimer {
      guard first.deadline < timer.at else { return }
      timer.task.cancel()
    }
    let task = loop.assumeIsolated().scheduleTask(deadline: first.deadline) { [self] in
      deadlineTimer = nil
      expireCalls()
    }
    deadlineTimer = (first.deadline, task)
  }

  private func expireCalls() {
    while let call = calls.first, overdue(call) { finish(call, deadlineError(call)) }
    armDeadlineTimer()
  }

  func overdue(_ call: ClientCall) -> Bool {
    call.deadline <= .now()
  }

  /// Says also what the call waited for: without a connection, why there is none.
  func deadlineError(_ call: ClientCall) -> RPCError {
    let limit = call.timeout.map { "\($0)" } ?? "its time"
    if case .waiting = call.phase, endpoints.allSatisfy({ $0.ready?.isUnhealthy != false }) {
      let reason = connectError?.message ?? "no connection to \(target) yet"
      return RPCError(.deadlineExceeded, "gave up after \(limit): \(reason)")
    }
    return RPCError(.deadlineExceeded, "no answer from \(target) within \(limit)")
  }
}
