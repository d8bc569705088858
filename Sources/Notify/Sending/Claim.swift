internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit

/// What one attempt carries: one notice, or those of a digest, with all that is needed to write it.
struct Claim: Sendable {
  let lane: Lane
  /// In their order; at least one.
  var notices: [StoredNotice]
  /// Of each notice.
  let contents: [NoticeContent]
  /// Where it goes, if not by mail.
  let channel: NoticeChannel?
  let keys: [ChannelKey]

  /// The message's id: the same for every attempt.
  var carrier: NoticeID { notices[0].carrier ?? notices[0].id }
  /// Some earlier attempt may have been good.
  var isRepeated: Bool { notices.contains(where: \.isRepeated) }
}

/// What a notice tells of, as it was and as it is.
struct NoticeContent: Sendable {
  let event: EventV1.Event
  /// Nil: the event is of none.
  let request: StoredRequest?
  /// The tenant's settings as they are; nil: the event is of none.
  let settings: CommonV1.TenantSettings?
}

/// Why a notice is not sent.
enum DropReason: String, Sendable {
  case requestClosed = "REQUEST_CLOSED"
  case stageOver = "STAGE_OVER"
  case reviewClosed = "REVIEW_CLOSED"
  case tooLate = "TOO_LATE"
  /// The last reminder has gone already.
  case superseded = "SUPERSEDED"
  case channelDeleted = "CHANNEL_DELETED"
  case channelPaused = "CHANNEL_PAUSED"
  case unreadable = "EVENT_UNREADABLE"
}

extension StoredNotice {
  /// Why there is no point in sending it; nil: there is.
  func pointless(_ request: StoredRequest?, now: Timestamp) -> DropReason? {
    if draft.kind == .reviewDue, request?.progress.reviewDue == nil { return .reviewClosed }
    if let stage = draft.stage, let progress = request?.progress {
      if !progress.phase.isPending { return .requestClosed }
      if !progress.waits(at: stage) { return .stageOver }
    }
    guard let pointless = draft.pointless else { return nil }
    if now >= pointless { return .tooLate }
    // It was due at 50 % of the stage's lifetime, the last one at 90 %.
    let isLast = draft.kind == .reminder && now >= created + (pointless - created) * 8 / 10
    return isLast ? .superseded : nil
  }
}

extension NotifyTransaction {
  /// Takes what goes next on a lane and marks it, durable before the attempt: what a crash cuts short
  /// is sent again, and says so. What has no point any more is dropped on the way.
  ///
  /// - Returns: nil where nothing is due.
  func claim(_ lane: Lane, _ policy: SendingPolicy) throws -> Claim? {
    var channel: NoticeChannel?
    if case .channel(let id) = lane {
      channel = try self.channel(id)
      if try isDisabled(id) { return nil }
    }
    while true {
      let due = try dueNotices(of: lane, by: now, limit: policy.mostInDigest)
      guard let first = due.first else { return nil }
      // What was under way when the last process ended, or may have arrived, goes as it went.
      if first.carrier != nil { return try claim(due, lane, channel, isAgain: true) }
      var batch: [StoredNotice] = []
      var dropped = 0
      for notice in due.prefix(first.draft.isDigest ? due.count : 1)
      where notice.draft.isDigest == first.draft.isDigest {
        if let reason = try dropReason(notice, channel) {
          try drop(notice, reason)
          dropped += 1
        } else {
          batch.append(notice)
        }
      }
      if !batch.isEmpty { return try claim(batch, lane, channel, isAgain: false) }
      precondition(dropped > 0, "a claim goes on")
    }
  }

  private func dropReason(_ notice: StoredNotice, _ channel: NoticeChannel?) throws -> DropReason? {
    if case .channel = notice.draft.lane {
      guard let channel else { return .channelDeleted }
      if channel.isPaused { return .channelPaused }
    }
    let request = try notice.draft.request.flatMap { try self.request($0) }
    if let reason = notice.pointless(request, now: now) { return reason }
    return try event(notice.draft.event) == nil ? .unreadable : nil
  }

  private func claim(
    _ notices: [StoredNotice], _ lane: Lane, _ channel: NoticeChannel?, isAgain: Bool
  ) throws -> Claim? {
    var claimed: [StoredNotice] = []
    var contents: [NoticeContent] = []
    for var notice in notices {
      guard let bytes = try event(notice.draft.event) else {
        try drop(notice, .unreadable)
        continue
      }
      notice.carrier = notices[0].carrier ?? notices[0].id
      notice.attempts += 1
      notice.isRepeated = notice.isRepeated || isAgain
      try update(notice)
      claimed.append(notice)
      contents.append(
        NoticeContent(
          event: try EventV1.Event(serialized: bytes, limits: .response),
          request: try notice.draft.request.flatMap { try request($0) },
          settings: try notice.draft.tenant.flatMap { try settings(of: $0) }))
    }
    guard !claimed.isEmpty else { return nil }
    return Claim(
      lane: lane, notices: claimed, contents: contents, channel: channel,
      keys: try channel.map { try keys(of: $0.id) } ?? [])
  }

  func drop(_ notice: StoredNotice, _ reason: DropReason) throws {
    var notice = notice
    notice.state = .dropped
    notice.carrier = nil
    notice.lastFailure = reason.rawValue
    notice.finished = now
    try update(notice)
    try tell(
      of: notice, .noticeDropped(.init(notice: notice.info, reason: reason.rawValue)))
  }
}
