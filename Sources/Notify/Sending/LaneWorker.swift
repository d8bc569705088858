internal import Domain
internal import Logging
internal import RPC
internal import ServiceKit

/// Sends what waits on a lane, one message after the other.
///
/// Each attempt is marked before it begins and settled after it ended; both are durable. A process that
/// ends between the two leaves a mark: the message is sent once more, with the same id, and says so.
struct LaneWorker: Sendable {
  let store: any NotifyStore
  let sender: any NoticeSender
  let traffic: Traffic
  let clock: any WallClock
  let policy: SendingPolicy
  let counts: NoticeCounts
  let logger: Logger

  /// Messages on one lane before others have their turn.
  static let turn = 16

  /// Does what is due on the lane, for one turn.
  ///
  /// - Parameter goesOn: asked after each message whether another one may follow.
  /// - Returns: when something is due there next; nil: nothing waits.
  func work(
    _ lane: Lane, while goesOn: @Sendable () -> Bool = { true }
  ) async throws -> Timestamp? {
    let state = try await store.read { try $0.state(of: lane) }
    let now = clock.now()
    // Further away than any wait of ours: the clock was set back.
    if let notBefore = state.notBefore, now < notBefore, notBefore - now <= longestWait {
      return notBefore
    }
    if case .at(let moment) = traffic.admit(lane, at: now) { return moment }
    guard var claim = try await claim(lane) else { return try await next(lane) }
    for message in 1...Self.turn {
      let result = await sender.send(claim, at: clock.now())
      let (state, following) = try await settle(
        claim, result, isLast: message == Self.turn || !goesOn())
      guard let following else { return state.notBefore ?? clock.now() }
      claim = following
    }
    return clock.now()
  }

  private var longestWait: Duration {
    max(policy.longestRetryAfter, policy.backoff.maximum * (1 + policy.backoff.jitter))
  }

  private func claim(_ lane: Lane) async throws -> Claim? {
    do {
      let claim = try await store.write { [policy] in try $0.claim(lane, policy) }
      if claim == nil { traffic.untried(lane) }
      return claim
    } catch {
      traffic.untried(lane)
      throw error
    }
  }

  /// Keeps what came of a message, and claims the next one in the same transaction where nothing
  /// speaks against sending it at once.
  private func settle(
    _ claim: Claim, _ result: SendingResult, isLast: Bool
  ) async throws -> (LaneState, Claim?) {
    var random = SystemRandomNumberGenerator()
    traffic.tell(result.outcome, on: claim.lane, at: clock.now(), using: &random)
    let goesOn =
      !isLast && result.outcome.isAnswer
      && traffic.admit(claim.lane, at: clock.now()) == .now
    let (settled, state, following) = try await store.write { [policy] transaction in
      let settled = try transaction.settle(
        claim, result.outcome, messageID: result.messageID, policy)
      return (
        settled, try transaction.state(of: claim.lane),
        goesOn ? try transaction.claim(claim.lane, policy) : nil
      )
    }
    if goesOn, following == nil { traffic.untried(claim.lane) }
    counts.add(settled)
    if state.failures == 1 {
      logger.log(
        .warning, "a notice could not be sent, trying again", .lane(claim.lane))
    }
    if settled.givenUp > 0 {
      logger.log(
        .warning, "notices were given up", .lane(claim.lane),
        .count("notices", settled.givenUp))
    }
    return (state, following)
  }

  /// A disabled channel is due when somebody updates it.
  private func next(_ lane: Lane) async throws -> Timestamp? {
    try await store.read { reader in
      if case .channel(let id) = lane, try reader.isDisabled(id) { return nil }
      return try reader.nextDue(of: lane)
    }
  }
}

/// What came of one attempt.
struct SendingResult: Hashable, Sendable {
  let outcome: SendingOutcome
  /// Of the mail; empty where there is none.
  var messageID = ""
}

/// Writes messages and makes one attempt to send each.
protocol NoticeSender: Sendable {
  func send(_ claim: Claim, at now: Timestamp) async -> SendingResult
}

extension LogField {
  /// Mail addresses are no secret here, but a log is read by many.
  static func lane(_ lane: Lane) -> LogField {
    switch lane {
    case .mail: .way("mail")
    case .channel(let id): .id("channel_id", id)
    }
  }
}
