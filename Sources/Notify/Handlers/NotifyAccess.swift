internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto

extension Caller {
  /// Whose notices a person means, if they are theirs; nil: the provider's.
  ///
  /// - Throws: a violation for what is no tenant id; `notFound` for foreign and missing alike (I6).
  func owner(_ text: String, field: String = "tenant_id") throws -> TenantID? {
    let tenant = TenantID(text)
    guard tenant != nil || text.isEmpty else {
      throw Violation(
        field: field,
        problem: "must be empty or 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    }
    guard mayReadLog(of: tenant) else { throw RPCError.notFound("tenant") }
    return tenant
  }
}

extension ChannelID {
  init(field text: String) throws {
    guard let id = ChannelID(text) else {
      throw Violation(field: "channel_id", problem: "is no channel id")
    }
    self = id
  }
}

extension NotifyReader {
  /// One of an owner; foreign and missing alike are not found (I6).
  func channel(_ id: ChannelID, of owner: TenantID?) throws -> NoticeChannel {
    guard let channel = try channel(id), channel.owner == owner else {
      throw RPCError.notFound("channel")
    }
    return channel
  }

  func status(of channel: NoticeChannel) throws -> NotifyV1.ChannelStatus {
    let lane = Lane.channel(channel.id)
    let state = try state(of: lane)
    let isDisabled = try isDisabled(channel.id)
    let shown: NotifyV1.ChannelState =
      if isDisabled {
        .disabled
      } else if channel.isPaused {
        .paused
      } else {
        state.failures > 0 ? .retrying : .delivering
      }
    return NotifyV1.ChannelStatus(
      channel: channel.shown, state: shown, waiting: UInt64(try waitingCount(of: lane)),
      failures: UInt32(clamping: state.failures), lastFailure: state.lastFailure,
      nextAttemptTime: state.notBefore.map { .init($0) },
      deadLetters: UInt64(try deadLetterCount(of: lane)))
  }
}

extension RPCError {
  static let badPageToken = RPCError.invalid([
    Violation(field: "page_token", problem: "is no token of this list")
  ])
}
