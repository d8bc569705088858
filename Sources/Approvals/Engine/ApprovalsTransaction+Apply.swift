internal import Domain
internal import LockboxProto
internal import ServiceKit

/// The name of this service's feed.
let feedName = "approvals"

extension ApprovalsTransaction {
  /// Applies `event` to a stored request: saves what it makes of it and appends one event for each
  /// effect, all in this transaction. An event without an effect writes nothing.
  ///
  /// Where a stage opens that too few people could decide at, that is told at once.
  func apply(
    _ event: RequestEvent, to stored: StoredRequest, origin: EventOrigin, comment: String = ""
  ) throws -> StoredRequest {
    let changed = try step(event, on: stored, origin: origin, comment: comment)
    guard let open = changed.record.state.openStage,
      open.index != stored.record.state.openStage?.index
    else { return changed }
    return try announce(open.index, of: changed, origin: origin)
  }

  /// Tells what is due of an open stage.
  func announce(
    _ stage: Int, of stored: StoredRequest, origin: EventOrigin
  ) throws -> StoredRequest {
    let absences = try absences(of: stored.record.request.tenant)
    return try step(
      .announce(stage: stage, absences: absences), on: stored, origin: origin, comment: "")
  }

  private func step(
    _ event: RequestEvent, on stored: StoredRequest, origin: EventOrigin, comment: String
  ) throws -> StoredRequest {
    let now = time.now
    let tenant = stored.record.request.tenant
    let event = try event.mapPerson { try known($0, in: tenant) }
    let transition: Transition
    do throws(Refusal) {
      transition = try Transition.apply(event, to: stored.record, at: now)
    } catch {
      throw RequestRefused(error, state: stored.record.state(at: now))
    }
    guard !transition.effects.isEmpty else { return stored }
    var changed = stored
    changed.record = transition.record
    changed.updateTime = now
    for effect in transition.effects {
      let draft = EventDraft(
        time: now, tenant: stored.record.request.tenant, request: stored.record.request.id,
        origin: effect.isOfTheSystem ? .system(trace: origin.trace) : origin,
        payload: effect.payload(of: transition.record, comment: comment))
      if case .approved = effect { changed.approvalEvent = draft.id }
      try append { try draft.serialized(feed: feedName, sequence: $0) }
    }
    try save(changed)
    try followEnding(of: transition, origin: origin, comment: comment)
    return changed
  }
}

extension RequestEffect {
  /// What follows from the rules, rather than being somebody's act.
  fileprivate var isOfTheSystem: Bool {
    switch self {
    case .opened, .stageOpened, .announced, .approved, .expired, .breakGlassOpened,
      .breakGlassUsed:
      true
    case .denied(_, let reason): reason != .decision
    case .ended(_, let reason): reason == .windowEnded
    case .decided, .said, .withdrawn, .revoked, .reviewClosed: false
    }
  }
}
