internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit

/// What an attempt came to, for the counts.
struct Settled: Hashable, Sendable {
  var delivered = 0
  var givenUp = 0
  var isFailure = false
  var isDisabled = false
}

extension NotifyTransaction {
  /// Keeps what an attempt came to, and its events.
  ///
  /// - Parameter messageID: of the mail that carried it; empty where there is none.
  func settle(
    _ claim: Claim, _ outcome: SendingOutcome, messageID: String, _ policy: SendingPolicy
  ) throws -> Settled {
    var settled = Settled()
    var random = SystemRandomNumberGenerator()
    switch outcome {
    case .accepted:
      try set(LaneState(), of: claim.lane)
      for notice in claim.notices { try finish(notice, .delivered, "", messageID) }
      settled.delivered = claim.notices.count
    case .refused(let reason):
      // The receiver answers: nothing speaks against sending the next one.
      try set(LaneState(), of: claim.lane)
      for notice in claim.notices { try finish(notice, .givenUp, reason, messageID) }
      settled.givenUp = claim.notices.count
    case .deferred, .unknown:
      settled.isFailure = true
      var state = try state(of: claim.lane)
      policy.fail(&state, outcome, now: now, using: &random)
      for notice in claim.notices {
        if policy.givesUp(notice, now: now) {
          try finish(notice, .givenUp, outcome.reason, messageID)
          settled.givenUp += 1
        } else {
          try keepWaiting(notice, outcome)
        }
      }
      if settled.givenUp > 0 { settled.givenUp += try giveUpOthers(of: claim, outcome, policy) }
      try set(state, of: claim.lane)
    case .gone:
      for notice in claim.notices { try keepWaiting(notice, outcome) }
      guard let channel = claim.channel, try self.channel(channel.id) != nil else { break }
      try setDisabled(true, channel.id)
      try tell(
        owner: channel.owner, request: nil,
        .channelDisabled(.init(channelID: channel.id.description, name: channel.name)),
        by: .system())
      settled.isDisabled = true
    }
    return settled
  }

  /// A receiver that is not there has not got the others of that age either.
  private func giveUpOthers(
    of claim: Claim, _ outcome: SendingOutcome, _ policy: SendingPolicy
  ) throws -> Int {
    let claimed = Set(claim.notices.map(\.id))
    var count = 0
    for notice in try dueNotices(of: claim.lane, by: now, limit: 1_000)
    where !claimed.contains(notice.id) && policy.givesUp(notice, now: now) {
      try finish(notice, .givenUp, outcome.reason, "")
      count += 1
    }
    return count
  }

  private func keepWaiting(_ notice: StoredNotice, _ outcome: SendingOutcome) throws {
    var notice = notice
    notice.lastFailure = outcome.reason
    // What may have arrived keeps its message: the next attempt is the same one, and says so.
    if case .unknown = outcome { notice.isRepeated = true } else { notice.carrier = nil }
    try update(notice)
  }

  private func finish(
    _ notice: StoredNotice, _ state: StoredNotice.State, _ failure: String, _ messageID: String
  ) throws {
    var notice = notice
    notice.state = state
    notice.carrier = nil
    notice.lastFailure = failure
    notice.finished = now
    try update(notice)
    let attempts = UInt32(clamping: notice.attempts)
    try tell(
      of: notice,
      state == .delivered
        ? .noticeDelivered(
          .init(
            notice: notice.info, attempts: attempts, repeated: notice.isRepeated,
            messageID: messageID))
        : .noticeGivenUp(.init(notice: notice.info, attempts: attempts, lastFailure: failure)))
  }
}

/// The events that notify writes in the transactions that they tell of.
extension NotifyTransaction {
  func tell(of notice: StoredNotice, _ payload: EventV1.Event.Payload) throws {
    try tell(owner: notice.draft.owner, request: notice.draft.request, payload, by: .system())
  }

  func tell(
    owner: TenantID?, request: RequestID?, _ payload: EventV1.Event.Payload,
    by origin: EventOrigin
  ) throws {
    let draft = EventDraft(
      time: now, tenant: owner, request: request, origin: origin, payload: payload)
    try append { try draft.serialized(feed: ServiceName.notify.rawValue, sequence: $0) }
  }
}

extension StoredNotice {
  var info: CommonV1.NoticeInfo {
    let address: CommonV1.NoticeRecipient.Address =
      switch draft.lane {
      case .mail(let address): .mail(address)
      case .channel(let id): .channelID(id.description)
      }
    return CommonV1.NoticeInfo(
      noticeID: id.description, kind: .init(rawValue: draft.kind.rawValue),
      audience: .init(rawValue: draft.audience.rawValue),
      recipient: .init(address: address, name: draft.recipientName),
      tenantID: draft.tenant?.text ?? "", requestID: draft.request?.description ?? "",
      eventID: draft.event.description, createTime: .init(created))
  }
}
