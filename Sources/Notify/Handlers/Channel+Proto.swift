internal import Domain
internal import LockboxProto
internal import Outbound
internal import ServiceKit
internal import StandardProto

/// Limits of channels, each with its reason.
enum ChannelLimits {
  /// A chat and a webhook for each of a few teams.
  static let count = 16
  static let nameLength = 1...63
  /// A private authority and its successor, with a chain each.
  static let authoritiesLength = 0...32_768
}

extension NoticeChannel {
  /// Checks what an admin sends.
  ///
  /// - Parameter former: A chat keeps its URL where none is sent, or the one that was shown.
  /// - Throws: `Violations`, every one at once, under `channel.`.
  init(
    _ message: CommonV1.Channel, id: ChannelID, owner: TenantID?, former: NoticeChannel? = nil,
    created: Timestamp, updated: Timestamp, version: UInt64
  ) throws {
    var violations = Violations()
    violations.text(message.name, "channel.name", length: ChannelLimits.nameLength)
    violations.text(
      message.authorities, "channel.authorities", length: ChannelLimits.authoritiesLength,
      lines: true)
    let kinds = violations.noticeKinds(message.kinds, "channel.kinds")
    let workloads = message.workloads.enumerated().compactMap { index, name in
      violations.unwrap(
        Workload(name), "channel.workloads[\(index)]",
        "must be 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    }
    violations.count(message.workloads.count, "channel.workloads", in: Limits.workloadCount)
    let language = violations.language(message.language, "channel.language")
    let target = Target(message.target, former?.target, &violations)
    try violations.check()
    guard let target else { preconditionFailure("no target without a violation") }
    self.init(
      id: id, owner: owner, name: message.name, target: target, kinds: kinds,
      workloads: Set(workloads), language: language, isPaused: message.paused,
      authorities: message.authorities, created: created, updated: updated, version: version)
  }

  /// Reads what the store kept.
  ///
  /// - Throws: `StoredMessageError`.
  init(stored message: CommonV1.Channel) throws {
    guard let id = ChannelID(message.channelID), let created = Timestamp(message.createTime),
      let updated = Timestamp(message.updateTime)
    else { throw StoredMessageError(message: "channel", id: message.channelID) }
    try self.init(
      message, id: id, owner: TenantID(message.tenantID), created: created, updated: updated,
      version: message.version)
  }

  /// With its secrets: for the store alone.
  var message: CommonV1.Channel { message(target.message { $0.description }) }

  /// For the owner's people: a chat's URL is its secret.
  var shown: CommonV1.Channel {
    message(target.message { isRead ? $0.origin : $0.description })
  }

  /// As events tell of it: a webhook's query may hold a secret too.
  var messageForEvents: CommonV1.Channel {
    message(target.message { isRead ? $0.origin : String($0.description.prefix { $0 != "?" }) })
  }

  private func message(_ target: CommonV1.Channel.Target) -> CommonV1.Channel {
    CommonV1.Channel(
      channelID: id.description, tenantID: owner?.text ?? "", name: name, target: target,
      kinds: kinds.map(\.rawValue).sorted().map { .init(rawValue: $0) },
      workloads: workloads.sorted().map(\.text), language: language?.rawValue ?? "",
      paused: isPaused, authorities: authorities, createTime: .init(created),
      updateTime: .init(updated), version: version)
  }
}

extension NoticeChannel.Target {
  fileprivate init?(
    _ target: CommonV1.Channel.Target?, _ former: Self?, _ violations: inout Violations
  ) {
    switch target {
    case .webhook(let webhook):
      let url = violations.channelURL(webhook.url, "channel.webhook.url")
      let scheme: WebhookKey.Scheme? =
        switch webhook.scheme {
        case .hmacSha256: .shared
        case .ed25519: .signing
        case .unspecified, .unrecognized: nil
        }
      let known = violations.unwrap(scheme, "channel.webhook.scheme", "is missing")
      guard let url, let known else { return nil }
      self = .webhook(url, known)
    case .slack(let chat):
      if case .slack(let kept)? = former, kept.isShown(as: chat.url) {
        self = .slack(kept)
        return
      }
      guard let url = violations.channelURL(chat.url, "channel.slack.url") else { return nil }
      self = .slack(url)
    case .teams(let chat):
      if case .teams(let kept)? = former, kept.isShown(as: chat.url) {
        self = .teams(kept)
        return
      }
      guard let url = violations.channelURL(chat.url, "channel.teams.url") else { return nil }
      self = .teams(url)
    case nil:
      violations.add("channel", "must have a webhook, a slack or a teams")
      return nil
    }
  }

  fileprivate func message(_ text: (HTTPSURL) -> String) -> CommonV1.Channel.Target {
    switch self {
    case .webhook(let url, let scheme):
      .webhook(.init(url: text(url), scheme: scheme == .shared ? .hmacSha256 : .ed25519))
    case .slack(let url): .slack(.init(url: text(url)))
    case .teams(let url): .teams(.init(url: text(url)))
    }
  }

  /// Whether one may become the other by an update.
  func isOfKind(_ other: Self) -> Bool {
    switch (self, other) {
    case (.webhook(_, let left), .webhook(_, let right)): left == right
    case (.slack, .slack), (.teams, .teams): true
    case (.webhook, _), (.slack, _), (.teams, _): false
    }
  }
}

extension HTTPSURL {
  /// `https://host/`: what may be told of a URL that is a secret.
  fileprivate var origin: String { "https://\(authority)/" }

  fileprivate func isShown(as text: String) -> Bool { text.isEmpty || text == origin }
}

extension Violations {
  fileprivate mutating func channelURL(_ text: String, _ field: String) -> HTTPSURL? {
    unwrap(
      HTTPSURL(text), field,
      "must be an https URL without user, password and fragment, at most \(HTTPSURL.longest) long")
  }
}
