internal import Domain
internal import DomainProto
internal import LockboxProto

/// Every access that the entries of a log tell of.
public struct AccessLedger: Sendable {
  /// In the order in which they were opened.
  public private(set) var windows: [AccessWindow] = []
  /// Entries of which this program cannot say whether they gave access: an unknown kind, or one
  /// that lacks what it must have.
  public private(set) var unreadable: [UInt64] = []
  private var places: [String: Int] = [:]

  public init(_ entries: some Sequence<LoggedEntry>) {
    for entry in entries { add(entry) }
  }

  private mutating func add(_ entry: LoggedEntry) {
    switch entry.event.payload {
    case .accessRequestApproved(let approved): open(approved.grant, entry)
    case .breakGlassUsed(let used): open(used.grant, entry)
    case .accessTokenIssued(let issued): issue(issued, entry)
    case .grantRevoked(let revoked): close(revoked.grantID, entry)
    case .grantEnded(let ended): close(ended.grantID, entry)
    case .accessRequestReceived, .withdrawalReceived, .accessRequestOpened, .stageOpened,
      .decisionRecorded, .accessRequestDenied, .accessRequestExpired, .accessRequestWithdrawn,
      .tenantApplied, .policyApplied, .deadlineFired, .threadEntryAdded, .approverKeyRegistered,
      .approverKeyConfirmed, .approverKeyRevoked, .absenceSet, .absenceEnded, .stageReminder,
      .stageEscalated, .accessRequestAboutToExpire, .quorumOutOfReach, .breakGlassOpened,
      .breakGlassReviewClosed, .subjectsLinked, .subjectUnlinked, .signingKeyActivated,
      .eventsDropped, .activitySubscriptionStarted, .activitySubscriptionStopped,
      .activityWebhookDisabled,
      .destinationCreated, .destinationUpdated, .destinationDeleted, .destinationDisabled,
      .deadLettersChanged, .noticeDelivered, .noticeGivenUp, .noticeDropped, .noticesRetried,
      .channelCreated, .channelUpdated, .channelDeleted, .channelDisabled:
      break
    case nil: unreadable.append(entry.index)
    }
  }

  private mutating func open(_ grant: CommonV1.Grant?, _ entry: LoggedEntry) {
    guard let grant, !grant.grantID.isEmpty, let start = Timestamp(grant.startTime),
      let end = Timestamp(grant.endTime)
    else { return unreadable.append(entry.index) }
    // Break-glass is told of twice: as approved and as used. What differs counts for itself.
    if let place = places[grant.grantID], windows[place].grant == grant { return }
    places[grant.grantID] = windows.count
    windows.append(
      AccessWindow(grant: grant, id: grant.grantID, entry: entry.index, start: start, end: end))
  }

  private mutating func issue(_ token: EventV1.AccessTokenIssued, _ entry: LoggedEntry) {
    guard let end = Timestamp(token.expireTime) else { return unreadable.append(entry.index) }
    let place = places[token.grantID] ?? windows.count
    if place == windows.count {
      places[token.grantID] = place
      windows.append(
        AccessWindow(
          grant: nil, id: token.grantID, entry: entry.index, start: entry.time, end: end))
    }
    windows[place].tokens.append(entry.index)
    windows[place].lastTokenEnd = max(windows[place].lastTokenEnd ?? end, end)
  }

  private mutating func close(_ grantID: String, _ entry: LoggedEntry) {
    guard let place = places[grantID], windows[place].closing == nil else { return }
    windows[place].closing = AccessWindow.Closing(entry: entry.index, time: entry.time)
  }
}
