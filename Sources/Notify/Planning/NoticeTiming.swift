internal import Domain

/// When a notice leaves: at once, with a digest, or when the night is over.
struct NoticeTiming: Sendable {
  let quietHours: QuietHours?
  let digestInterval: Duration?
  let timeZone: String

  /// - Parameters:
  ///   - deadline: When it would come too late.
  ///   - isRead: People read it as it comes; machines have no night.
  func notBefore(
    _ kind: NoticeKind, now: Timestamp, deadline: Timestamp?, isRead: Bool, mayGather: Bool
  ) -> (moment: Timestamp, isDigest: Bool) {
    var moment = now
    var isDigest = false
    if mayGather, kind.canBeGathered, let digestInterval {
      moment = now.next(multipleOf: digestInterval)
      isDigest = true
    }
    guard isRead, !kind.breaksQuiet, let quietHours,
      let morning = quietHours.end(after: moment, in: timeZone)
    else { return (moment, isDigest) }
    // Whoever hears of it in the morning must have half of the time that was left.
    if let deadline, morning > now + (deadline - now) / 2 { return (now, false) }
    return (morning, isDigest)
  }
}

extension NoticeKind {
  /// The last before a deadline, an emergency, and what may be an attack.
  var breaksQuiet: Bool {
    switch self {
    case .aboutToExpire, .breakGlassOpened, .breakGlassUsed, .settingsChanged, .keyRegistered,
      .test:
      true
    case .approvalNeeded, .reminder, .escalated, .quorumOutOfReach, .approved, .denied, .expired,
      .withdrawn, .question, .answer, .grantRevoked, .grantEnded, .reviewDue, .reviewClosed,
      .progress:
      false
    }
  }

  /// Nobody waits for whoever reads it.
  var canBeGathered: Bool {
    switch self {
    case .approved, .denied, .expired, .withdrawn, .grantRevoked, .grantEnded, .reviewClosed,
      .progress:
      true
    case .approvalNeeded, .reminder, .aboutToExpire, .escalated, .quorumOutOfReach, .question,
      .answer, .breakGlassOpened, .breakGlassUsed, .reviewDue, .settingsChanged, .keyRegistered,
      .test:
      false
    }
  }

  /// It has no point once the stage that it is about is over.
  var isAboutOpenStage: Bool {
    switch self {
    case .approvalNeeded, .reminder, .aboutToExpire, .escalated, .quorumOutOfReach, .question,
      .answer, .progress:
      true
    case .approved, .denied, .expired, .withdrawn, .grantRevoked, .grantEnded, .breakGlassOpened,
      .breakGlassUsed, .reviewDue, .reviewClosed, .settingsChanged, .keyRegistered, .test:
      false
    }
  }
}

extension QuietHours {
  /// When the quiet hours that `moment` lies in are over; nil: it lies in none.
  func end(after moment: Timestamp, in timeZone: String) -> Timestamp? {
    let local = LocalTime(moment, in: timeZone)
    guard contains(local.minuteOfDay) else { return nil }
    let minutes = (end.minute - local.minuteOfDay.minute + 1440) % 1440
    // From the beginning of the minute. Where the clock is changed meanwhile, an hour more or less.
    return Timestamp(seconds: moment.seconds - moment.seconds % 60, nanos: 0).map {
      $0 + .minutes(minutes)
    }
  }
}

extension Timestamp {
  /// The next whole multiple of `interval` since the epoch that is not before it.
  fileprivate func next(multipleOf interval: Duration) -> Timestamp {
    let step = max(1, interval.nanosecondsClamped)
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: step)
    guard remainder != 0 else { return self }
    return Timestamp(nanoseconds: quotient * step) + interval
  }
}
