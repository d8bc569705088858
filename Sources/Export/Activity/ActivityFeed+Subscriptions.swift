internal import Domain
internal import LockboxProto
internal import ServiceKit

/// Starting, stopping and listing subscriptions.
extension ActivityFeed {
  /// `subscriptions/start`
  func start(_ request: ActivityRequest) async throws -> ActivityAnswer {
    let client = try admit(request, method: "StartSubscription")
    let key = Subscription.Key(
      tenant: client.tenant, client: client.subject, type: try type(request))
    let target = try WebhookTarget.parse(request.body, now: clock.now())
    let found = try await store.read { try $0.subscription(key) }
    guard found.map({ changes($0, to: target) }) ?? true else {
      throw ActivityError.subscriptionUnchanged
    }
    if let target { try await webhooks.validate(target) }
    let origin = EventOrigin(request.caller)
    let subscription = try await store.write { transaction in
      try transaction.start(key, target, by: origin)
    }
    return ActivityAnswer(json: json(subscription))
  }

  /// Whether a start would change anything.
  private func changes(_ subscription: Subscription, to target: Webhook.Target?) -> Bool {
    let now = clock.now()
    return !subscription.isEnabled || subscription.webhook?.target != target
      || subscription.webhook.map { $0.status(at: now) != .enabled } ?? false
  }

  /// `subscriptions/stop`; stopping twice is stopping.
  func stop(_ request: ActivityRequest) async throws -> ActivityAnswer {
    let client = try admit(request, method: "StopSubscription")
    let key = Subscription.Key(
      tenant: client.tenant, client: client.subject, type: try type(request))
    let origin = EventOrigin(request.caller)
    let isKnown = try await store.write { try $0.stop(key, by: origin) }
    guard isKnown else { throw ActivityError.noSubscription }
    return ActivityAnswer()
  }

  /// `subscriptions/list`
  func list(_ request: ActivityRequest) async throws -> ActivityAnswer {
    let client = try admit(request, method: "ListSubscriptions")
    let subscriptions = try await store.read { reader in
      try reader.subscriptions(of: client.tenant, client: client.subject)
    }
    return ActivityAnswer(json: .array(subscriptions.map(json)))
  }

  /// `resources/dlpSensitiveTypes`: a lockbox has none.
  func sensitiveTypes(_ request: ActivityRequest) throws -> ActivityAnswer {
    _ = try admit(request, method: "ListDlpSensitiveTypes")
    if let languages = request.acceptLanguage {
      guard !languages.contains(",") else { throw ActivityError.languages }
      let tag = languages.split(separator: ";").first ?? ""
      let isTag =
        (1...35).contains(tag.utf8.count)
        && tag.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d
            || byte == 0x2a
        }
      guard isTag else { throw ActivityError.languageSyntax }
    }
    return ActivityAnswer(json: .array([]))
  }

  private func json(_ subscription: Subscription) -> JSONValue {
    let webhook = subscription.webhook.map { webhook in
      JSONValue.object([
        ("status", .string(webhook.status(at: clock.now()).rawValue)),
        ("address", .string(webhook.target.address.description)),
        ("authId", JSONValue(webhook.target.authID)),
        ("expiration", JSONValue(webhook.target.expiration?.milliseconds)),
      ])
    }
    return .object([
      ("contentType", .string(subscription.key.type.rawValue)),
      ("status", .string(subscription.isEnabled ? "enabled" : "disabled")),
      ("webhook", webhook ?? .null),
    ])
  }
}

extension EventOrigin {
  /// Whoever called, in the role that let it in.
  fileprivate init(_ caller: Caller) {
    // Nobody comes here without a role.
    let role = caller.actingRole ?? .auditor
    self = .person(
      caller.subject, as: role, isAutomation: caller.principal.person?.scope != nil)
  }
}

extension ExportTransaction {
  /// Enables a subscription with a webhook or none, and says so in the feed.
  fileprivate func start(
    _ key: Subscription.Key, _ target: Webhook.Target?, by origin: EventOrigin
  ) throws -> Subscription {
    let found = try subscription(key)
    var subscription = Subscription(key: key, isEnabled: true)
    if let target {
      // A webhook that takes another's place goes on where that was; the first one hears of what
      // comes from now on.
      let told =
        if let earlier = found?.webhook { earlier.told } else {
          try lastBlob(key.type, of: key.tenant)?.last
        }
      subscription.webhook = Webhook(target: target, told: told)
    }
    try set(subscription)
    try tell(
      key.tenant, origin,
      .activitySubscriptionStarted(
        .init(
          contentType: key.type.rawValue, webhook: target?.address.withoutQuery ?? "")))
    return subscription
  }

  /// - Returns: whether there is such a subscription.
  fileprivate func stop(_ key: Subscription.Key, by origin: EventOrigin) throws -> Bool {
    guard var subscription = try subscription(key) else { return false }
    guard subscription.isEnabled else { return true }
    subscription.isEnabled = false
    subscription.webhook = nil
    try set(subscription)
    try tell(
      key.tenant, origin, .activitySubscriptionStopped(.init(contentType: key.type.rawValue)))
    return true
  }

  /// Adds an event of a tenant's to the feed.
  func tell(
    _ tenant: TenantID, _ origin: EventOrigin, _ payload: EventV1.Event.Payload
  ) throws {
    let draft = EventDraft(
      time: now, tenant: tenant, request: nil, origin: origin, payload: payload)
    try append { try draft.serialized(feed: feedName, sequence: $0) }
  }
}
