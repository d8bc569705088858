internal import Domain
internal import ServiceKit

enum NoticeMark {}
enum ChannelMark {}
typealias NoticeID = ID<NoticeMark>
typealias ChannelID = ID<ChannelMark>

/// Where the notices for one recipient wait, and in their order leave.
enum Lane: Hashable, Sendable {
  case mail(String)
  case channel(ChannelID)

  /// As it is stored.
  var key: String {
    switch self {
    case .mail(let address): "m:" + address
    case .channel(let id): "c:" + id.description
    }
  }

  init?(key: String) {
    if key.hasPrefix("m:") {
      self = .mail(String(key.dropFirst(2)))
    } else if key.hasPrefix("c:"), let id = ChannelID(String(key.dropFirst(2))) {
      self = .channel(id)
    } else {
      return nil
    }
  }
}

/// One notice to one recipient, before the store knows it.
struct NoticeDraft: Hashable, Sendable {
  var lane: Lane
  /// The channel's; empty for mail.
  var recipientName = ""
  /// Whose people read it; nil: the provider's.
  var owner: TenantID?
  /// What it is about; nil: no tenant.
  var tenant: TenantID?
  var request: RequestID?
  /// What it tells of.
  var event: EventID
  var kind: NoticeKind
  var audience: Audience
  var language = NoticeLanguage.english
  var detail = NoticeDetail.summary
  var timeZone = "UTC"
  /// The stage that it is about, where it has no point once that is over.
  var stage: Int?
  /// From then on it has no point.
  var pointless: Timestamp?
  /// Not before then.
  var notBefore: Timestamp
  /// May be one of several in a mail.
  var isDigest = false
}

/// A notice as the store keeps it.
struct StoredNotice: Hashable, Sendable {
  let id: NoticeID
  let draft: NoticeDraft
  let created: Timestamp
  var state = State.waiting
  /// That have begun.
  var attempts = 0
  var lastFailure = ""
  /// The message that carries it: its own id, or that of the first of a digest. Set while an attempt
  /// is under way, and until it is known that it was not good.
  var carrier: NoticeID?
  /// An attempt was cut short and may have been good.
  var isRepeated = false
  var finished: Timestamp?

  /// Numbered as they are stored.
  enum State: Int, Sendable, CaseIterable {
    case waiting = 1
    case delivered
    case givenUp
    case dropped
  }

  init(_ draft: NoticeDraft, id: NoticeID, created: Timestamp) {
    self.draft = draft
    self.id = id
    self.created = created
  }
}

/// How attempts on a lane have gone.
struct LaneState: Hashable, Sendable {
  /// Attempts that failed, one after the other.
  var failures = 0
  /// No attempt before then.
  var notBefore: Timestamp?
  var lastFailure = ""
}
