internal import Domain
internal import LockboxProto
internal import Outbound
internal import RPC
internal import ServiceKit
internal import StandardProto

/// The channels of `lockbox.notify.v1.NotifyService`.
struct ChannelHandlers: Sendable {
  let store: any NotifyStore
  let sender: any NoticeSender
  let dispatcher: Dispatcher
  let clock: any WallClock
  /// Whether the authorities that a channel brings can be used.
  let check: @Sendable (NoticeChannel) throws -> Void

  /// How long a secret that was rotated out still signs.
  static let secretOverlap = Duration.hours(24)

  func add(to router: inout Router) {
    router.unary(NotifyV1.NotifyService.createChannel, create)
    router.unary(NotifyV1.NotifyService.listChannels, list)
    router.unary(NotifyV1.NotifyService.updateChannel, update)
    router.unary(NotifyV1.NotifyService.rotateChannelSecret, rotate)
    router.unary(NotifyV1.NotifyService.deleteChannel, delete)
    router.unary(NotifyV1.NotifyService.testChannel, test)
  }

  private func create(
    _ request: NotifyV1.CreateChannelRequest, _ context: ServerContext
  ) async throws -> NotifyV1.CreateChannelResponse {
    let caller = try context.caller()
    let message = request.channel ?? .init()
    let owner = try caller.owner(message.tenantID, field: "channel.tenant_id")
    let now = clock.now()
    let channel = try NoticeChannel(
      message, id: .make(at: now), owner: owner, created: now, updated: now, version: 1)
    try checkAuthorities(channel)
    let key = channel.scheme.map(newKey)
    let origin = EventOrigin(caller, in: context)
    try await store.write { transaction in
      let others = try transaction.channels(of: owner, after: nil, limit: ChannelLimits.count)
      guard others.count < ChannelLimits.count else {
        throw RPCError.reasoned(
          .failedPrecondition, "there are \(ChannelLimits.count) channels at most",
          reason: "TOO_MANY_CHANNELS")
      }
      try transaction.set(channel)
      if let key {
        try transaction.setKeys([.init(bytes: key.bytes, expires: nil)], of: channel.id)
      }
      try transaction.tell(
        owner: owner, request: nil,
        .channelCreated(.init(channel: channel.messageForEvents)), by: origin)
    }
    return .init(channel: channel.shown, secret: key?.receiverText ?? "")
  }

  private func list(
    _ request: NotifyV1.ListChannelsRequest, _ context: ServerContext
  ) async throws -> NotifyV1.ListChannelsResponse {
    let owner = try context.caller().owner(request.tenantID)
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken, query: ["channels", request.tenantID])
    let after = try page.after.map { key in
      guard let id = ChannelID(pageKey: key) else { throw RPCError.badPageToken }
      return id
    }
    let (statuses, next) = try await store.read { reader in
      let found = try reader.channels(of: owner, after: after, limit: page.size + 1)
      let (shown, next) = page.cut(found) { $0.id.pageKey }
      return (try shown.map { try reader.status(of: $0) }, next)
    }
    return .init(channels: statuses, nextPageToken: next)
  }

  private func update(
    _ request: NotifyV1.UpdateChannelRequest, _ context: ServerContext
  ) async throws -> NotifyV1.UpdateChannelResponse {
    let caller = try context.caller()
    let message = request.channel ?? .init()
    let owner = try caller.owner(message.tenantID, field: "channel.tenant_id")
    let id = try ChannelID(field: message.channelID)
    let origin = EventOrigin(caller, in: context)
    let now = clock.now()
    let old = try await store.read { try $0.channel(id, of: owner) }
    let channel = try NoticeChannel(
      message, id: id, owner: owner, former: old, created: old.created, updated: now,
      version: old.version + 1)
    // Another kind of signature needs another key; none is made behind the admin's back.
    guard channel.target.isOfKind(old.target) else {
      throw RPCError.reasoned(
        .failedPrecondition, "a channel keeps its kind and its signature scheme: make another",
        reason: "TARGET_KIND_CHANGED")
    }
    try checkAuthorities(channel)
    try await store.write { transaction in
      let present = try transaction.channel(id, of: owner)
      guard present.version == message.version else {
        throw RPCError.reasoned(
          .aborted, "the channel has changed meanwhile: read it again",
          reason: "VERSION_MISMATCH")
      }
      try transaction.set(channel)
      // What was broken may be mended: the next attempt is now.
      try transaction.setDisabled(false, id)
      try transaction.set(LaneState(), of: .channel(id))
      try transaction.tell(
        owner: owner, request: nil,
        .channelUpdated(.init(channel: channel.messageForEvents)), by: origin)
    }
    dispatcher.ring([.channel(id)])
    return .init(channel: channel.shown)
  }

  private func rotate(
    _ request: NotifyV1.RotateChannelSecretRequest, _ context: ServerContext
  ) async throws -> NotifyV1.RotateChannelSecretResponse {
    let caller = try context.caller()
    let owner = try caller.owner(request.tenantID)
    let id = try ChannelID(field: request.channelID)
    let origin = EventOrigin(caller, in: context)
    let expires = clock.now() + Self.secretOverlap
    let key = try await store.write { transaction in
      let channel = try transaction.channel(id, of: owner)
      guard let scheme = channel.scheme else {
        throw RPCError.reasoned(
          .failedPrecondition, "a chat has no secret but its URL: update that",
          reason: "NO_SECRET")
      }
      let key = newKey(scheme)
      // The one before the last is over at once: two at most sign.
      let old = try transaction.keys(of: id).prefix(1)
      try transaction.setKeys(
        [ChannelKey(bytes: key.bytes, expires: nil)]
          + old.map { ChannelKey(bytes: $0.bytes, expires: expires) }, of: id)
      try transaction.tell(
        owner: owner, request: nil,
        .channelUpdated(.init(channel: channel.messageForEvents, secretRotated: true)),
        by: origin)
      return key
    }
    return .init(secret: key.receiverText, oldSecretExpireTime: .init(expires))
  }

  private func delete(
    _ request: NotifyV1.DeleteChannelRequest, _ context: ServerContext
  ) async throws -> NotifyV1.DeleteChannelResponse {
    let caller = try context.caller()
    let owner = try caller.owner(request.tenantID)
    let id = try ChannelID(field: request.channelID)
    let origin = EventOrigin(caller, in: context)
    try await store.write { transaction in
      let channel = try transaction.channel(id, of: owner)
      try transaction.remove(id)
      try transaction.tell(
        owner: owner, request: nil,
        .channelDeleted(.init(channel: channel.messageForEvents)), by: origin)
    }
    // What waits finds no channel, and is dropped.
    dispatcher.ring([.channel(id)])
    return .init()
  }

  /// Sends one notice beside what goes on, whatever the state of the channel.
  private func test(
    _ request: NotifyV1.TestChannelRequest, _ context: ServerContext
  ) async throws -> NotifyV1.TestChannelResponse {
    let caller = try context.caller()
    let owner = try caller.owner(request.tenantID)
    let id = try ChannelID(field: request.channelID)
    let now = clock.now()
    let (channel, keys, settings) = try await store.read { reader in
      (
        try reader.channel(id, of: owner), try reader.keys(of: id),
        try owner.flatMap { try reader.settings(of: $0) }
      )
    }
    var draft = NoticeDraft(
      lane: .channel(id), recipientName: channel.name, owner: owner, tenant: owner,
      event: .make(at: now), kind: .test, audience: owner == nil ? .managers : .customer,
      notBefore: now)
    draft.language =
      channel.language ?? settings.map { TenantNotices($0).language } ?? .english
    let claim = Claim(
      lane: .channel(id), notices: [StoredNotice(draft, id: .make(at: now), created: now)],
      contents: [
        NoticeContent(event: .init(time: .init(now)), request: nil, settings: settings)
      ], channel: channel, keys: keys)
    let outcome = await sender.send(claim, at: now).outcome
    return .init(
      delivered: outcome == .accepted,
      result: outcome == .accepted ? "the notice was delivered" : outcome.reason)
  }

  private func newKey(_ scheme: WebhookKey.Scheme) -> WebhookKey {
    var random = SystemRandomNumberGenerator()
    return .generate(scheme, using: &random)
  }

  /// Authorities that cannot be read are told of now, not at the first notice.
  private func checkAuthorities(_ channel: NoticeChannel) throws {
    guard !channel.authorities.isEmpty else { return }
    do {
      try check(channel)
    } catch {
      throw Violation(field: "channel.authorities", problem: "are no certificates in PEM")
    }
  }
}
