internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto

/// The notices of `lockbox.notify.v1.NotifyService`.
struct NoticeHandlers: Sendable {
  let store: any NotifyStore
  let dispatcher: Dispatcher

  /// Ids in one call.
  static let mostIDs = 500
  /// Dead letters that are taken up again in one transaction.
  static let batch = 500

  func add(to router: inout Router) {
    router.unary(NotifyV1.NotifyService.listNotices, list)
    router.unary(NotifyV1.NotifyService.retryNotices, retry)
  }

  private func list(
    _ request: NotifyV1.ListNoticesRequest, _ context: ServerContext
  ) async throws -> NotifyV1.ListNoticesResponse {
    let owner = try context.caller().owner(request.tenantID)
    var query = NoticeQuery(owner: owner)
    var violations = Violations()
    if !request.requestID.isEmpty {
      query.request = violations.unwrap(
        RequestID(request.requestID), "request_id", "is no request id")
    }
    if !request.channelID.isEmpty {
      query.lane = violations.unwrap(
        ChannelID(request.channelID), "channel_id", "is no channel id"
      ).map { .channel($0) }
    }
    query.add(request.states, &violations)
    try violations.check()
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken,
      query: ["notices", request.tenantID, request.requestID, request.channelID]
        + request.states.map { "\($0.rawValue)" })
    query.before = try page.after.map { key in
      guard let id = NoticeID(pageKey: key) else { throw RPCError.badPageToken }
      return id
    }
    let (notices, next) = try await store.read { [query] reader in
      let found = try reader.notices(query, limit: page.size + 1)
      let (shown, next) = page.cut(found) { $0.id.pageKey }
      return (try shown.map { NotifyV1.Notice($0, try reader.state(of: $0.draft.lane)) }, next)
    }
    return .init(notices: notices, nextPageToken: next)
  }

  private func retry(
    _ request: NotifyV1.RetryNoticesRequest, _ context: ServerContext
  ) async throws -> NotifyV1.RetryNoticesResponse {
    let caller = try context.caller()
    let owner = try caller.owner(request.tenantID)
    var violations = Violations()
    violations.count(request.noticeIds.count, "notice_ids", in: 0...Self.mostIDs)
    let ids = request.noticeIds.enumerated().compactMap { index, text in
      violations.unwrap(NoticeID(text), "notice_ids[\(index)]", "is no notice id")
    }
    try violations.check()
    let origin = EventOrigin(caller, in: context)
    var retried = 0
    while true {
      let lanes = try await store.write { transaction in
        let letters =
          ids.isEmpty
          ? try transaction.notices(
            NoticeQuery(owner: owner, states: [.givenUp]), limit: Self.batch)
          : try ids.compactMap { try transaction.notice($0) }.filter {
            $0.draft.owner == owner && $0.state == .givenUp
          }
        guard !letters.isEmpty else { return [Lane]() }
        for letter in letters { try transaction.update(letter.retried(at: transaction.now)) }
        try transaction.tell(
          owner: owner, request: nil,
          .noticesRetried(
            .init(count: UInt64(letters.count), noticeIds: letters.map(\.id.description))),
          by: origin)
        return letters.map(\.draft.lane)
      }
      retried += lanes.count
      dispatcher.ring(Set(lanes))
      if lanes.isEmpty || !ids.isEmpty { return .init(retried: UInt64(retried)) }
    }
  }
}

extension StoredNotice {
  /// With the full patience again.
  fileprivate func retried(at now: Timestamp) -> StoredNotice {
    var draft = draft
    draft.notBefore = now
    draft.isDigest = false
    var notice = StoredNotice(draft, id: id, created: now)
    notice.attempts = attempts
    notice.lastFailure = lastFailure
    notice.isRepeated = isRepeated
    return notice
  }
}

extension NoticeQuery {
  fileprivate mutating func add(
    _ states: [NotifyV1.NoticeState], _ violations: inout Violations
  ) {
    var tried: Set<Bool> = []
    for (index, state) in states.enumerated() {
      switch state {
      case .waiting:
        self.states.insert(.waiting)
        tried.insert(false)
      case .retrying:
        self.states.insert(.waiting)
        tried.insert(true)
      case .delivered: self.states.insert(.delivered)
      case .givenUp: self.states.insert(.givenUp)
      case .dropped: self.states.insert(.dropped)
      case .unspecified, .unrecognized:
        violations.add("states[\(index)]", "is missing or unknown")
      }
    }
    if tried.count == 1 { wasTried = tried.first }
  }
}

extension NotifyV1.Notice {
  init(_ notice: StoredNotice, _ lane: LaneState) {
    let state: NotifyV1.NoticeState =
      switch notice.state {
      case .waiting: notice.attempts > 0 ? .retrying : .waiting
      case .delivered: .delivered
      case .givenUp: .givenUp
      case .dropped: .dropped
      }
    let next = lane.notBefore.map { max($0, notice.draft.notBefore) } ?? notice.draft.notBefore
    self.init(
      info: notice.info, state: state, attempts: UInt32(clamping: notice.attempts),
      lastFailure: notice.lastFailure,
      nextAttemptTime: notice.state == .waiting ? .init(next) : nil,
      finishTime: notice.finished.map { .init($0) }, repeated: notice.isRepeated)
  }
}
