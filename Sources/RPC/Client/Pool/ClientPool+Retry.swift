internal import NIOCore

// Which attempts are followed by another, and when (gRFC A6).

extension ClientPool {
  /// - Parameter isCommitted: whether an answer had begun.
  func attemptEnded(_ call: ClientCall, _ end: AttemptEnd, isCommitted: Bool) {
    executor.assertOnLoop()
    guard !call.isFinished else { return }
    switch end {
    case .success(let trailers):
      throttle.succeeded()
      finish(call, nil, trailers: trailers)
    case .unsent(let error):
      repeatAtOnce(call, after: error)
    case .refused:
      refused(call)
    case .status(let error, let pushback):
      failed(call, error, pushback, isCommitted: isCommitted)
    }
  }

  /// The server has seen nothing: the call begins anew, as often as it takes. The delays between
  /// connections keep this from going round too fast.
  private func repeatAtOnce(_ call: ClientCall, after error: RPCError) {
    guard call.requests?.isRepeatable != false else { return finish(call, error) }
    call.attempts -= 1
    call.phase = .delayed
    dispatch(call)
  }

  /// The server's HTTP/2 has seen the call, its handler has not: the first time is chance, the
  /// second time is a pattern.
  private func refused(_ call: ClientCall) {
    let error = RPCError(.unavailable, "\(target) refused the call before it began")
    call.refusals += 1
    if call.refusals == 1 { return repeatAtOnce(call, after: error) }
    retry(call, by: call.retry ?? options.retry, after: error, nil)
  }

  private func failed(
    _ call: ClientCall, _ error: RPCError, _ pushback: RetryPushback?, isCommitted: Bool
  ) {
    let isTransient = (call.retry ?? options.retry).codes.contains(error.code)
    if isTransient || pushback == .never { throttle.failed() }
    if overdue(call) { return finish(call, deadlineError(call)) }
    guard let policy = call.retry, isTransient, !isCommitted, throttle.allowsRetry else {
      return finish(call, error)
    }
    retry(call, by: policy, after: error, pushback)
  }

  /// Makes the next attempt, unless there have been enough or time would run out before it.
  private func retry(
    _ call: ClientCall, by policy: RPCClientOptions.RetryOptions, after error: RPCError,
    _ pushback: RetryPushback?
  ) {
    guard call.attempts < policy.maximumAttempts, shutdown == nil, pushback != .never,
      call.requests?.isRepeatable != false
    else { return finish(call, error) }
    let delay: Duration
    if case .after(let wanted) = pushback {
      delay = wanted
      call.failures = 0
    } else {
      call.failures += 1
      delay = max(
        self.delay(policy.backoff, afterFailures: call.failures), error.retryDelay ?? .zero)
    }
    guard NIODeadline.now() + TimeAmount(delay) < call.deadline else {
      return finish(call, error)
    }
    call.phase = .delayed
    call.timer = schedule(after: delay) { [self] in
      call.timer = nil
      if case .delayed = call.phase { dispatch(call) }
    }
  }
}
