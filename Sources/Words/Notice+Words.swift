public import LockboxProto

extension CommonV1.NoticeKind {
  /// As it is typed and shown: `approval-needed`.
  public var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .approvalNeeded: "approval-needed"
    case .reminder: "reminder"
    case .aboutToExpire: "about-to-expire"
    case .escalated: "escalated"
    case .quorumOutOfReach: "quorum-out-of-reach"
    case .approved: "approved"
    case .denied: "denied"
    case .expired: "expired"
    case .withdrawn: "withdrawn"
    case .question: "question"
    case .answer: "answer"
    case .grantRevoked: "grant-revoked"
    case .grantEnded: "grant-ended"
    case .breakGlassOpened: "break-glass-opened"
    case .breakGlassUsed: "break-glass-used"
    case .reviewDue: "review-due"
    case .reviewClosed: "review-closed"
    case .settingsChanged: "settings-changed"
    case .keyRegistered: "key-registered"
    case .progress: "progress"
    case .test: "test"
    case .unrecognized(let number): "kind \(number)"
    }
  }
}

extension CommonV1.Audience {
  public var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .customer: "customer"
    case .managers: "managers"
    case .engineer: "engineer"
    case .unrecognized(let number): "audience \(number)"
    }
  }
}

extension CommonV1.NoticeRecipient {
  /// A mail address, or a channel by its name.
  public var words: String {
    switch address {
    case .mail(let mail): mail
    case .channelID(let id): name.isEmpty ? "channel \(id)" : "channel \(name)"
    case nil: ""
    }
  }
}

extension CommonV1.NoticeInfo {
  var summary: String { "\(kind.words) to \(recipient?.words ?? "nobody")" }
}

extension CommonV1.Channel {
  /// Where it leads.
  public var place: String {
    switch target {
    case .webhook(let it): it.url
    case .slack(let it): "Slack, \(it.url)"
    case .teams(let it): "Teams, \(it.url)"
    case nil: ""
    }
  }

  var summary: String { paused ? "\(name), \(place), paused" : "\(name), \(place)" }
}
