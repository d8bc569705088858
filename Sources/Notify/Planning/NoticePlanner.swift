internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit

/// Who is told of an event: pure. The event, the settings as they stood then, and the moment give the
/// notices; nothing else is asked.
struct NoticePlanner {
  let event: EventV1.Event
  let id: EventID
  /// As it stands after the event; nil: the event is of none.
  let request: StoredRequest?
  let settings: NoticeSettings
  /// The settings before the event, where it changes them.
  var settingsBefore: CommonV1.TenantSettings?
  let now: Timestamp

  private var workload: Workload? {
    request.flatMap { try? CommonV1.AccessRequest(serialized: $0.accessRequest, limits: .response) }
      .flatMap { Workload($0.workload) }
  }

  /// In the order in which they are to leave; each recipient once for each kind.
  func notices() -> [NoticeDraft] {
    var drafts: [NoticeDraft] = []
    for telling in tellings {
      switch telling.audience {
      case .customer: drafts += customer(telling)
      case .managers: drafts += managers(telling)
      case .engineer: drafts += engineer(telling)
      }
    }
    return drafts
  }

  // MARK: What is told to whom

  /// One kind of notice for one audience.
  struct Telling: Hashable {
    let audience: Audience
    let kind: NoticeKind
    /// Not before then, whatever the settings say.
    var notBefore: Timestamp?
  }

  var tellings: [Telling] {
    guard let payload = event.payload else { return [] }
    switch payload {
    case .stageOpened(let it):
      return [Telling(audience: it.side.audience, kind: .approvalNeeded)] + engineers(.progress)
    case .stageReminder: return atStage(.reminder)
    case .stageEscalated: return atStage(.escalated)
    case .accessRequestAboutToExpire: return atStage(.aboutToExpire) + engineers(.aboutToExpire)
    case .quorumOutOfReach: return atStage(.quorumOutOfReach) + engineers(.quorumOutOfReach)
    case .accessRequestApproved(let it):
      // The customer hears of a broken glass by its own event.
      return everybody(.approved, customer: it.grant?.breakGlass != true)
    case .accessRequestDenied: return everybody(.denied)
    case .accessRequestExpired: return everybody(.expired)
    case .accessRequestWithdrawn: return everybody(.withdrawn)
    case .grantRevoked: return everybody(.grantRevoked) + review()
    case .grantEnded: return everybody(.grantEnded) + review()
    case .threadEntryAdded(let it):
      return it.entry?.kind == .answer ? atStage(.answer) : engineers(.question)
    case .breakGlassOpened: return [.customer, .managers].map { .init($0, .breakGlassOpened) }
    case .breakGlassUsed: return [.customer, .managers].map { .init($0, .breakGlassUsed) }
    case .breakGlassReviewClosed: return everybody(.reviewClosed)
    case .tenantApplied(let it):
      // The first version is the operator's, who makes the tenant.
      return it.version == 1 ? [] : [.init(.customer, .settingsChanged)]
    case .approverKeyRegistered, .approverKeyConfirmed, .approverKeyRevoked:
      return [.init(.customer, .keyRegistered)]
    case .accessRequestReceived, .withdrawalReceived, .accessRequestOpened, .decisionRecorded,
      .accessTokenIssued, .policyApplied, .deadlineFired, .absenceSet, .absenceEnded,
      .subjectsLinked, .subjectUnlinked, .signingKeyActivated, .eventsDropped,
      .activitySubscriptionStarted, .activitySubscriptionStopped, .activityWebhookDisabled,
      .destinationCreated, .destinationUpdated, .destinationDeleted, .destinationDisabled,
      .deadLettersChanged, .noticeDelivered, .noticeGivenUp, .noticeDropped, .noticesRetried,
      .channelCreated, .channelUpdated, .channelDeleted, .channelDisabled:
      return []
    }
  }

  /// Whoever is to decide at the stage that is open.
  private func atStage(_ kind: NoticeKind) -> [Telling] {
    request.map { [Telling(audience: $0.progress.side.audience, kind: kind)] } ?? []
  }

  private func engineers(_ kind: NoticeKind) -> [Telling] { [.init(.engineer, kind)] }

  /// The customer only of what it knows of.
  private func everybody(_ kind: NoticeKind, customer: Bool = true) -> [Telling] {
    let isKnown = customer && request?.progress.isKnownToCustomer == true
    return (isKnown ? [.init(.customer, kind)] : []) + [.init(.managers, kind)] + engineers(kind)
  }

  /// Now, and a day before it is due.
  private func review() -> [Telling] {
    guard let due = request?.progress.reviewDue else { return [] }
    let last = due - .hours(24)
    return [.init(.customer, .reviewDue)]
      + (last > now ? [Telling(audience: .customer, kind: .reviewDue, notBefore: last)] : [])
  }

  // MARK: By which way

  private func customer(_ telling: Telling) -> [NoticeDraft] {
    guard let tenant = TenantID(event.tenantID), let message = settings.tenant else { return [] }
    let notices = TenantNotices(message)
    let timing = NoticeTiming(
      quietHours: notices.quietHours, digestInterval: notices.digestInterval,
      timeZone: notices.timeZone)
    var base = draft(telling, owner: tenant)
    base.detail = notices.detail
    base.timeZone = notices.timeZone
    var drafts: [NoticeDraft] = []
    for recipient in recipients(notices, telling.kind) where wants(recipient, telling.kind) {
      var draft = base
      draft.lane = .mail(recipient.address)
      draft.language = recipient.language ?? notices.language
      place(&draft, telling, timing, isRead: true, mayGather: true)
      drafts.append(draft)
    }
    for channel in settings.customerChannels where wants(channel, telling.kind) {
      var draft = base
      draft.lane = .channel(channel.id)
      draft.recipientName = channel.name
      draft.language = channel.language ?? notices.language
      place(&draft, telling, timing, isRead: channel.isRead, mayGather: false)
      drafts.append(draft)
    }
    return drafts
  }

  /// Whoever a change of settings drops hears of that too; a broken glass is told to all whom the
  /// request's snapshot names.
  private func recipients(_ notices: TenantNotices, _ kind: NoticeKind) -> [MailRecipient] {
    var more: [String] = []
    switch event.payload {
    case .tenantApplied: more = settingsBefore?.contacts ?? []
    case .breakGlassOpened(let it): more = it.contacts
    case .breakGlassUsed(let it): more = it.contacts
    default: break
    }
    var seen = Set(notices.recipients.map(\.address))
    return notices.recipients
      + more.filter { seen.insert($0).inserted }.map { MailRecipient(address: $0) }
  }

  private func managers(_ telling: Telling) -> [NoticeDraft] {
    let provider = settings.provider
    var base = draft(telling, owner: nil)
    base.detail = provider.detail
    base.timeZone = provider.timeZone
    let mails = provider.contacts.filter { wants($0, telling.kind) }.map { recipient in
      var draft = base
      draft.lane = .mail(recipient.address)
      draft.language = recipient.language ?? provider.language
      return draft
    }
    let channels = settings.providerChannels.filter { wants($0, telling.kind) }.map { channel in
      var draft = base
      draft.lane = .channel(channel.id)
      draft.recipientName = channel.name
      draft.language = channel.language ?? provider.language
      return draft
    }
    return mails + channels
  }

  private func engineer(_ telling: Telling) -> [NoticeDraft] {
    guard settings.provider.tellsEngineers, let mail = request?.engineerMail, !mail.isEmpty else {
      return []
    }
    var draft = draft(telling, owner: nil)
    draft.lane = .mail(mail)
    draft.language = settings.provider.language
    draft.detail = settings.provider.detail
    draft.timeZone = settings.provider.timeZone
    return [draft]
  }

  private func draft(_ telling: Telling, owner: TenantID?) -> NoticeDraft {
    var draft = NoticeDraft(
      lane: .mail(""), owner: owner, tenant: TenantID(event.tenantID), request: request?.id,
      event: id, kind: telling.kind, audience: telling.audience,
      notBefore: telling.notBefore ?? now)
    if telling.kind.isAboutOpenStage, let progress = request?.progress {
      draft.stage = progress.stage
      draft.pointless = progress.deadline
    }
    if telling.kind == .reviewDue { draft.pointless = request?.progress.reviewDue }
    return draft
  }

  private func place(
    _ draft: inout NoticeDraft, _ telling: Telling, _ timing: NoticeTiming, isRead: Bool,
    mayGather: Bool
  ) {
    let placed = timing.notBefore(
      telling.kind, now: telling.notBefore ?? now, deadline: draft.pointless, isRead: isRead,
      mayGather: mayGather)
    draft.notBefore = placed.moment
    draft.isDigest = placed.isDigest
  }

  private func wants(_ recipient: MailRecipient, _ kind: NoticeKind) -> Bool {
    wants(recipient.kinds, recipient.workloads, kind)
  }

  private func wants(_ channel: NoticeChannel, _ kind: NoticeKind) -> Bool {
    !channel.isPaused && wants(channel.kinds, channel.workloads, kind)
  }

  private func wants(
    _ kinds: Set<NoticeKind>, _ workloads: Set<Workload>, _ kind: NoticeKind
  ) -> Bool {
    guard kinds.isEmpty || kinds.contains(kind) else { return false }
    guard !workloads.isEmpty, request != nil else { return true }
    return workload.map(workloads.contains) ?? true
  }
}

extension NoticePlanner.Telling {
  init(_ audience: Audience, _ kind: NoticeKind) {
    self.init(audience: audience, kind: kind)
  }
}

extension CommonV1.Side {
  /// Whose people decide there.
  var audience: Audience {
    switch self {
    case .customer: .customer
    case .provider, .unspecified, .unrecognized: .managers
    }
  }
}
