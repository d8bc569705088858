internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import Words

/// A request as its page shows it.
struct RequestView: Hashable, Sendable {
  let id: String
  let state: StateMark
  let tenant: String
  let workload: String
  let engineer: PersonView
  let reason: String
  let reasonMeaning: String
  let severity: String?
  let ticket: String?
  /// As it was written, a line each.
  let justification: [String]
  let asked: TermsView
  let received: Moment?
  let digest: String
  /// Of the open stage.
  let left: TimeLeft?
  let isBreakGlass: Bool
  let extends: String?
  let extendedEnd: Moment?
  let denial: String?
  let policyRule: String?
  let stages: [StageView]
  /// Where less stands than was asked for.
  let narrowed: TermsView?
  let thread: [ThreadEntryView]
  let timeLine: [TimeLineEntry]
  let grant: GrantView?
  let review: ReviewView?
  /// What is shown is not what the digest is of: nobody may decide on it.
  let isAltered: Bool

  init(_ record: ApprovalsV1.AccessRequestRecord, _ reading: Reading) {
    let request = record.accessRequest ?? .init()
    let texts = reading.texts
    id = request.requestID
    state = StateMark(record.state, reading)
    tenant = request.tenantID
    workload = request.workload
    engineer = PersonView(request.engineer)
    reason = texts("reason_code.\(request.reasonCode.key)")
    reasonMeaning = texts("reason_code.\(request.reasonCode.key)_meaning")
    severity = request.severity.key.map { texts("severity.\($0)") }
    ticket = request.ticket.ifAny
    justification = reading.lines(request.justification)
    asked = TermsView(.init(scope: request.scope, duration: request.duration), reading)
    received = reading.moment(request.receiveTime)
    digest = hexadecimal(record.requestDigest)
    left = record.state.isPending ? TimeLeft(record, reading) : nil
    isBreakGlass = request.breakGlass
    extends = request.extendsGrantID.ifAny
    extendedEnd = reading.moment(record.extendedGrantEnd)
    denial = record.denialReason.ifAny.map { texts.find("denial.\($0.lowercased())") ?? $0 }
    policyRule = record.policyRule.ifAny
    stages = record.stages.indices.map { StageView($0, of: record, reading) }
    narrowed = record.isNarrowed ? TermsView(record.standingTerms, reading) : nil
    thread = record.thread.map { ThreadEntryView($0, reading) }
    timeLine = TimeLineEntry.entries(of: record, reading)
    grant = record.grant.map { GrantView($0, isLive: record.state == .approved, reading) }
    review = record.review.map { ReviewView($0, reading) }
    isAltered = !record.showsWhatWasAsked
  }
}

extension ApprovalsV1.AccessRequestRecord {
  /// Whether the digest is that of the request in it: whoever shows one request and has another
  /// decided is not to be trusted.
  var showsWhatWasAsked: Bool {
    guard let bytes = try? accessRequest?.serialized() else { return false }
    return SHA256.hash(bytes).bytes == requestDigest
  }
}
