internal import Domain

/// What happened in a log over a period, counted entry by entry.
struct LogStatistics: Sendable, Hashable {
  struct Outcomes: Sendable, Hashable {
    var received: UInt64 = 0
    var approved: UInt64 = 0
    var denied: UInt64 = 0
    var expired: UInt64 = 0
    var withdrawn: UInt64 = 0
    var revoked: UInt64 = 0
    var breakGlass: UInt64 = 0
  }

  struct Day: Sendable, Hashable {
    var entries: UInt64 = 0
    var outcomes = Outcomes()
  }

  private(set) var total = Day()
  private(set) var kinds: [EntryKind?: UInt64] = [:]
  /// By the number of days since 1970, in UTC.
  private(set) var days: [Int64: Day] = [:]
  /// From acceptance to approval or denial.
  private(set) var decisionTimes: [Duration] = []

  mutating func add(_ entry: EntrySummary) {
    kinds[entry.kind, default: 0] += 1
    total.add(entry.kind)
    days[entry.time.day, default: Day()].add(entry.kind)
  }

  mutating func add(decisionTime: Duration) { decisionTimes.append(decisionTime) }

  /// Of the times to decision: 0.5 gives the median. Nil where nothing was decided.
  func decisionTime(quantile: Double) -> Duration? {
    guard !decisionTimes.isEmpty else { return nil }
    let rank = Int((Double(decisionTimes.count) * quantile).rounded(.up))
    return decisionTimes.sorted()[min(max(rank, 1), decisionTimes.count) - 1]
  }

  static func dayBeginning(_ day: Int64) -> Timestamp {
    Timestamp.epoch + .seconds(day * 86_400)
  }
}

extension LogStatistics.Day {
  fileprivate mutating func add(_ kind: EntryKind?) {
    entries += 1
    switch kind {
    case .accessRequestReceived: outcomes.received += 1
    case .accessRequestApproved: outcomes.approved += 1
    case .accessRequestDenied: outcomes.denied += 1
    case .accessRequestExpired: outcomes.expired += 1
    case .accessRequestWithdrawn: outcomes.withdrawn += 1
    case .grantRevoked: outcomes.revoked += 1
    case .breakGlassUsed: outcomes.breakGlass += 1
    case .withdrawalReceived, .accessRequestOpened, .stageOpened, .decisionRecorded, .grantEnded,
      .accessTokenIssued, .tenantApplied, .policyApplied, .deadlineFired, .threadEntryAdded,
      .approverKeyRegistered, .approverKeyConfirmed, .approverKeyRevoked, .absenceSet,
      .absenceEnded, .stageReminder, .stageEscalated, .accessRequestAboutToExpire,
      .quorumOutOfReach, .breakGlassOpened, .breakGlassReviewClosed, .subjectsLinked,
      .subjectUnlinked, .signingKeyActivated, .eventsDropped,
      .activitySubscriptionStarted, .activitySubscriptionStopped, .activityWebhookDisabled,
      .destinationCreated, .destinationUpdated, .destinationDeleted,
      .destinationDisabled, .deadLettersChanged, .noticeDelivered, .noticeGivenUp, .noticeDropped,
      .noticesRetried, .channelCreated, .channelUpdated, .channelDeleted, .channelDisabled, nil:
      break
    }
  }
}

extension Timestamp {
  /// The day in UTC, counted from 1970-01-01.
  fileprivate var day: Int64 {
    let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: 86_400)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
