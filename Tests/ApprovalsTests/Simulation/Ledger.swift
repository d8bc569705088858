internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto

/// Reads approvals' feed as an auditor does, who has nothing else, and says what it may not hold.
struct Ledger {
  /// What the feed tells of one request.
  struct Life {
    var digest: [UInt8] = []
    var stages: [CommonV1.Stage] = []
    var open: EventV1.StageOpened?
    var approvers: [[CommonV1.Subject]] = []
    var isBreakGlass = false
    var grant: CommonV1.Grant?
    var review: (due: Timestamp, isOpen: Bool)?
    /// The event that ended it.
    var end: String?
  }

  private(set) var lives: [String: Life] = [:]
  private(set) var problems: [String] = []
  private var sequence: UInt64 = 0

  /// Whose events say so, for every extension, by what it continues.
  private var ended: [String: (how: String, time: Timestamp)] = [:]

  mutating func read(_ bytes: [UInt8]) throws {
    let event = try EventV1.Event(serialized: bytes)
    sequence += 1
    require(event.sequence == sequence, "a gap", event)
    guard !event.requestID.isEmpty, let payload = event.payload,
      let time = Timestamp(event.time)
    else { return }
    var life = lives[event.requestID] ?? Life()
    if case .breakGlassReviewClosed = payload {
      require(life.review?.isOpen == true, "a review closed twice", event)
      life.review?.isOpen = false
    } else {
      require(life.end == nil, "something after the end", event)
      check(payload, event, at: time, &life)
    }
    lives[event.requestID] = life
  }

  private mutating func require(_ holds: Bool, _ rule: String, _ event: EventV1.Event) {
    if !holds { problems.append("\(rule): \(event.payload?.fieldName ?? "") \(event.sequence)") }
  }

  private mutating func check(
    _ payload: EventV1.Event.Payload, _ event: EventV1.Event, at time: Timestamp,
    _ life: inout Life
  ) {
    switch payload {
    case .accessRequestOpened(let opened):
      require(life.stages.isEmpty, "opened twice", event)
      life.digest = opened.requestDigest
      life.stages = opened.stages
      life.approvers = opened.stages.map { _ in [] }
    case .breakGlassOpened(let opened):
      require(!opened.contacts.isEmpty, "nobody hears of break-glass", event)
      require(!isAnyReviewOverdue(at: time), "break-glass over an overdue review", event)
      life.isBreakGlass = true
    case .stageOpened(let stage):
      let before = Int(stage.stage) - 1
      require(before < 0 || isReached(before, life), "a stage before its turn", event)
      life.open = stage
    case .decisionRecorded(let recorded):
      decided(recorded.decision ?? .init(), event, at: time, &life)
    case .accessRequestApproved(let approved):
      approve(approved.grant ?? .init(), event, at: time, &life)
    case .breakGlassUsed(let used):
      require(life.isBreakGlass && life.grant == used.grant, "break-glass of another", event)
      life.review = Timestamp(used.reviewDueTime).map { ($0, true) }
    case .accessRequestExpired:
      require(deadline(life).map { time >= $0 } ?? false, "expired too early", event)
      life.end = payload.fieldName
    case .accessRequestDenied, .accessRequestWithdrawn:
      require(life.grant == nil, "a grant that was denied", event)
      life.end = payload.fieldName
    case .grantRevoked(let revoked):
      end(revoked.grantID, early: true, payload, event, at: time, &life)
    case .grantEnded(let ended):
      end(ended.grantID, early: ended.reason == .returned, payload, event, at: time, &life)
    default: break
    }
  }

  private mutating func decided(
    _ decision: CommonV1.Decision, _ event: EventV1.Event, at time: Timestamp, _ life: inout Life
  ) {
    let stage = Int(decision.stage)
    require(life.open?.stage == decision.stage, "decided at another stage", event)
    require(deadline(life).map { time < $0 } ?? false, "decided too late (I3)", event)
    require(decision.requestDigest == life.digest, "another digest (I9)", event)
    guard let approver = decision.approver, life.approvers.indices.contains(stage) else { return }
    let earlier = life.approvers.joined().contains { $0.id == approver.id }
    require(!earlier, "somebody counts twice (I2)", event)
    if decision.verdict == .approve { life.approvers[stage].append(approver) }
  }

  private mutating func approve(
    _ grant: CommonV1.Grant, _ event: EventV1.Event, at time: Timestamp, _ life: inout Life
  ) {
    let isComplete = life.stages.indices.allSatisfy { isReached($0, life) }
    require(isComplete && !life.stages.isEmpty, "no quorum (I1)", event)
    let people = life.approvers.joined().map(\.id)
    require(!people.contains(grant.engineer?.id ?? ""), "the engineer counts (I2)", event)
    require(grant.breakGlass == life.isBreakGlass, "break-glass that hides", event)
    require(grant.requestDigest == life.digest, "a grant of another request", event)
    guard let start = Timestamp(grant.startTime), let end = Timestamp(grant.endTime) else { return }
    require(start >= time && start < end, "a window in the past (I7)", event)
    let longest = life.isBreakGlass ? Limits.longestBreakGlassAccess : Limits.longestAccess
    require(end - start <= longest, "a window too long (I7)", event)
    if !grant.extendsGrantID.isEmpty {
      let earlier = lives.values.first { $0.grant?.grantID == grant.extendsGrantID }?.grant
      require(
        Timestamp(earlier?.endTime).map { start >= $0 } ?? false, "an overlapping extension",
        event)
      let gone = ended[grant.extendsGrantID]
      require(gone == nil, "continues what was \(gone?.how ?? "")", event)
    }
    life.grant = grant
  }

  private mutating func end(
    _ id: String, early: Bool, _ payload: EventV1.Event.Payload, _ event: EventV1.Event,
    at time: Timestamp, _ life: inout Life
  ) {
    require(life.grant?.grantID == id, "another grant ended", event)
    let end = Timestamp(life.grant?.endTime)
    require(end.map { early == (time < $0) } ?? false, "ended at the wrong time", event)
    if early { ended[id] = (payload.fieldName, time) }
    life.end = payload.fieldName
  }

  private func isReached(_ stage: Int, _ life: Life) -> Bool {
    life.approvers[stage].count >= Int(life.stages[stage].quorum)
  }

  private func deadline(_ life: Life) -> Timestamp? { Timestamp(life.open?.deadline) }

  private func isAnyReviewOverdue(at time: Timestamp) -> Bool {
    lives.values.contains { $0.review.map { $0.isOpen && $0.due <= time } ?? false }
  }

  /// Grants that go on although what they continue was ended early.
  var orphans: [String] {
    lives.values.compactMap { life in
      guard let grant = life.grant, life.end == nil, ended[grant.extendsGrantID] != nil else {
        return nil
      }
      return grant.grantID
    }
  }
}
