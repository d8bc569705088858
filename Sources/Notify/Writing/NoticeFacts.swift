internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import Words

/// What a notice can say of its event, within the detail that the tenant lets out: pure. Everything of
/// others is visible characters on one line, or lines of them.
struct NoticeFacts {
  private let notice: NoticeDraft
  private let content: NoticeContent
  private let words: NoticeWords
  /// For the sentences.
  private(set) var values: [String: String] = [:]
  private(set) var flags: Set<String> = []
  /// For the table, in its order.
  private(set) var rows: [(label: String, value: String)] = []
  /// What people wrote, for itself.
  private(set) var passages: [(label: String, lines: [String])] = []

  init(_ notice: NoticeDraft, _ content: NoticeContent) {
    self.notice = notice
    self.content = content
    words = .of(notice.language)
    addRequest()
    if let payload = content.event.payload { addEvent(payload) }
    addSince()
  }

  private var progress: RequestProgress? { content.request?.progress }
  private var allowsSummary: Bool { notice.detail >= .summary }
  private var allowsTexts: Bool { notice.detail >= .full }

  // MARK: The request

  private mutating func addRequest() {
    if let tenant = content.settings {
      let name = Printable.line(tenant.displayName.isEmpty ? tenant.tenantID : tenant.displayName)
      values["tenant"] = name
      if notice.audience != .customer { row(.tenant, name) }
    }
    values["stage"] = progress.map { Printable.line($0.stageName) } ?? ""
    if let deadline = notice.pointless ?? progress?.deadline { values["deadline"] = time(deadline) }
    if progress?.side == .customer { flags.insert("is_customer") }
    guard let request = content.accessRequest else { return }
    if allowsSummary {
      let engineer = Printable.line(request.engineer?.short ?? "")
      values["engineer"] = engineer
      values["workload"] = Printable.line(request.workload)
      if notice.audience != .engineer { row(.engineer, engineer) }
      row(.workload, Printable.line(request.workload))
      row(.reason, words.reasons[request.reasonCode] ?? request.reasonCode.words)
      row(.severity, words.severities[request.severity] ?? "")
      row(.ticket, Printable.line(request.ticket))
      row(.duration, span(Duration(request.duration)))
      row(.actions, actions(request.scope))
    }
    if allowsTexts {
      row(
        .resources, (request.scope?.resources ?? []).map(Printable.line).joined(separator: ", "))
      passage(.justification, request.justification)
    }
  }

  // MARK: The event

  private mutating func addEvent(_ payload: EventV1.Event.Payload) {
    let actor = Printable.line(content.event.actor?.subject?.short ?? "")
    values["actor"] = actor.isEmpty ? "Lockbox" : actor
    switch payload {
    case .stageOpened(let it): stage(it.name, it.deadline)
    case .stageReminder(let it):
      stage(it.name, it.deadline)
      approvals(it.approvals, it.quorum)
    case .stageEscalated(let it):
      stage(it.name, it.deadline)
      approvals(it.approvals, it.quorum)
    case .accessRequestAboutToExpire(let it):
      stage(it.name, it.deadline)
      approvals(it.approvals, it.quorum)
    case .quorumOutOfReach(let it):
      stage(it.name, it.deadline)
      approvals(it.approvals, it.quorum)
      row(.available, "\(it.available)")
    case .accessRequestApproved(let it): grant(it.grant)
    case .breakGlassUsed(let it):
      grant(it.grant)
      review(Timestamp(it.reviewDueTime))
    case .accessRequestDenied(let it):
      if it.reason.isEmpty { decision() } else { row(.reason, Printable.line(it.reason)) }
    case .accessRequestExpired: row(.stage, values["stage"] ?? "")
    case .accessRequestWithdrawn(let it): comment(it.comment)
    case .grantRevoked(let it):
      row(.by, actor)
      comment(it.comment)
      review(progress?.reviewDue)
    case .grantEnded(let it):
      if it.reason == .returned { flags.insert("returned") }
      review(progress?.reviewDue)
    case .threadEntryAdded(let it):
      if allowsSummary { row(.author, Printable.line(it.entry?.author?.short ?? "")) }
      if allowsTexts { passage(.text, it.entry?.text ?? "") }
    case .breakGlassReviewClosed(let it):
      values["verdict"] = it.review?.verdict.words ?? ""
      row(.verdict, values["verdict"] ?? "")
      comment(it.review?.comment ?? "")
    case .tenantApplied(let it): settings(it)
    case .approverKeyRegistered(let it): key(it.key, "is_new")
    case .approverKeyConfirmed(let it): key(it.key, "is_confirmed")
    case .approverKeyRevoked(let it): key(it.key, "is_revoked")
    default: break
    }
  }

  private mutating func stage(_ name: String, _ deadline: GoogleProtobuf.Timestamp?) {
    values["stage"] = Printable.line(name)
    if let deadline = Timestamp(deadline) {
      values["deadline"] = time(deadline)
      row(.deadline, time(deadline))
    }
    if notice.audience != .customer { row(.stage, Printable.line(name)) }
  }

  private mutating func approvals(_ approvals: UInt32, _ quorum: UInt32) {
    row(.approvals, "\(approvals) / \(quorum)")
  }

  private mutating func grant(_ grant: CommonV1.Grant?) {
    guard let grant else { return }
    if let end = Timestamp(grant.endTime) { values["access_end"] = time(end) }
    if let start = Timestamp(grant.startTime) { row(.accessStart, time(start)) }
    row(.accessEnd, values["access_end"] ?? "")
    guard let request = content.accessRequest, isNarrowed(grant, request) else { return }
    flags.insert("narrowed")
    guard allowsSummary else { return }
    row(.granted, actions(grant.scope))
    guard allowsTexts else { return }
    row(.granted, (grant.scope?.resources ?? []).map(Printable.line).joined(separator: ", "))
  }

  private func isNarrowed(_ grant: CommonV1.Grant, _ request: CommonV1.AccessRequest) -> Bool {
    guard let start = Timestamp(grant.startTime), let end = Timestamp(grant.endTime),
      let asked = Duration(request.duration)
    else { return false }
    return end - start < asked || grant.scope != request.scope
  }

  /// Of whoever decided last.
  private mutating func decision() {
    guard let progress, !progress.decidedBy.isEmpty else { return }
    row(.decidedBy, Printable.line(progress.decidedBy))
    comment(progress.comment)
  }

  private mutating func review(_ due: Timestamp?) {
    guard let due else { return }
    values["review_due"] = time(due)
    row(.reviewDue, time(due))
  }

  private mutating func settings(_ applied: EventV1.TenantApplied) {
    let isOn = applied.settings?.lockboxEnabled == true
    if !isOn { flags.insert("is_off") }
    row(.lockbox, isOn ? words[.on] : words[.off])
    row(.version, "\(applied.version)")
    row(.by, values["actor"] ?? "")
  }

  private mutating func key(_ key: CommonV1.ApproverKey?, _ flag: String) {
    flags.insert(flag)
    values["key_owner"] = Printable.line(key?.approver?.short ?? "")
    row(.key, Printable.line(key?.label ?? ""))
    if let usable = Timestamp(key?.usableTime) { row(.keyUsable, time(usable)) }
    row(.by, values["actor"] ?? "")
  }

  /// What has become of the request between the event and now.
  private mutating func addSince() {
    guard let progress, let then = notice.kind.phase, progress.phase != then else { return }
    row(.since, words.phases[progress.phase] ?? "")
  }

  // MARK: Writing

  private mutating func row(_ label: NoticeWords.Label, _ value: String) {
    if !value.isEmpty { rows.append((words[label], value)) }
  }

  private mutating func comment(_ text: String) {
    if allowsTexts { passage(.comment, text) }
  }

  private mutating func passage(_ label: NoticeWords.Label, _ text: String) {
    if !text.isEmpty { passages.append((words[label], Printable.lines(text))) }
  }

  private func actions(_ scope: CommonV1.Scope?) -> String {
    (scope?.actions ?? []).map { words.actions[$0] ?? $0.words }.joined(separator: ", ")
  }

  /// `2026-11-22 14:05 Europe/Berlin (13:05 UTC)`
  private func time(_ moment: Timestamp) -> String {
    let utc = LocalTime(moment, in: "UTC")
    guard notice.timeZone != "UTC", LocalTime.isKnown(notice.timeZone) else {
      return "\(utc.text) UTC"
    }
    let local = LocalTime(moment, in: notice.timeZone)
    return "\(local.text) \(notice.timeZone) (\(utc.minuteOfDay) UTC)"
  }

  /// `4 h`, `1 h 30 min`
  private func span(_ duration: Duration?) -> String {
    guard let seconds = duration?.components.seconds, seconds > 0 else { return "" }
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
    return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}

extension NoticeContent {
  /// Nil where the event is of none, or it cannot be read.
  var accessRequest: CommonV1.AccessRequest? {
    request.flatMap {
      try? CommonV1.AccessRequest(serialized: $0.accessRequest, limits: .response)
    }
  }
}

extension NoticeKind {
  /// What a request is right after the event; nil: the notice is dropped, or of no request, once that
  /// is over.
  fileprivate var phase: RequestProgress.Phase? {
    switch self {
    case .approved, .breakGlassUsed: .approved
    case .denied: .denied
    case .expired: .expired
    case .withdrawn: .withdrawn
    case .grantRevoked: .revoked
    case .grantEnded: .ended
    case .approvalNeeded, .reminder, .aboutToExpire, .escalated, .quorumOutOfReach, .question,
      .answer, .breakGlassOpened, .reviewDue, .reviewClosed, .settingsChanged, .keyRegistered,
      .progress, .test:
      nil
    }
  }
}
