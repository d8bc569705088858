internal import Testing

@testable internal import Domain

/// One request, and all that can happen to it.
struct SmallWorld: Sendable, CustomTestStringConvertible {
  let name: String
  let start: RequestRecord
  let snapshot: PolicySnapshot
  var extended: ExtendedGrant?
  /// Beyond every stage's and every window's end, if at all.
  var pauses: [Duration] = [.zero, .hours(13)]
  /// What can happen here beside what can happen anywhere.
  var more: [RequestEvent] = []
  /// States that five events must lead to, so that the rules are looked at there.
  let reached: Set<RequestState.Name>

  var testDescription: String { name }

  static let all = [
    // Quorums of two at two of three stages.
    SmallWorld(
      name: "quorums", start: Example.record(.received), snapshot: Example.snapshot,
      reached: [.awaitingCustomer, .approved, .denied, .expired, .withdrawn]),
    SmallWorld(
      name: "two stages", start: Example.record(.received), snapshot: Example.shortSnapshot,
      reached: Set(RequestState.Name.allCases)),
    SmallWorld(
      name: "extension",
      start: RequestRecord(request: Example.request(extends: Example.earlier.id)),
      snapshot: Example.shortSnapshot, extended: Example.earlier,
      reached: Set(RequestState.Name.allCases)),
    SmallWorld(
      name: "break-glass", start: RequestRecord(request: Example.request(isBreakGlass: true)),
      snapshot: Example.breakGlassSnapshot,
      reached: Set(RequestState.Name.allCases).subtracting([.awaitingCustomer])),
    seats,
  ]

  var events: [RequestEvent] {
    let customer = snapshot.stages.count - 1
    let max = Example.manager("max")
    let ana = Example.approver("ana")
    return [
      .open(snapshot, extending: extended), .open(nil), .refuse(.reviewOverdue),
      .open(Example.otherSnapshot),
      Example.decide(.approve, by: max, stage: 0),
      Example.decide(.approve, by: Example.manager("mia"), stage: 0),
      Example.decide(.approve, by: max, stage: 0, terms: Self.inbox(extended?.end)),
      Example.decide(.approve, by: Self.engineer, stage: 0),
      Example.decide(.deny, by: Example.manager("moe"), stage: 0),
      Example.decide(.approve, by: Example.manager("dora"), stage: 1),
      Example.decide(.approve, by: ana, stage: customer),
      Example.decide(.approve, by: ana, stage: customer, digest: Example.otherDigest),
      Example.decide(
        .approve, by: ana, stage: customer, terms: Self.inbox(Example.start + .hours(20))),
      Example.decide(.deny, by: Example.approver("abe"), stage: customer),
      .ask("why?", by: max), .answer("so", by: Example.engineer),
      .withdraw(by: Example.engineer), .expire(stage: 0), .expire(stage: customer),
      .revoke(by: ana), .returnGrant(by: Example.engineer), .endGrant,
      .extendedGrantEnded(.revoked), .extendedGrantEnded(.returned),
      .closeReview(.accepted, by: ana, comment: ""),
      .closeReview(.disputed, by: Example.approver("abe"), comment: "why"),
    ] + more
  }

  private static func inbox(_ start: Timestamp?) -> Terms {
    Terms(
      scope: Scope(resources: ["mailboxes/alice/inbox"], actions: [.read]),
      duration: .minutes(30), start: start)
  }

  /// The engineer, in the role of a manager.
  private static let engineer = Person(
    subject: Example.engineer, affiliation: .provider, groups: ["managers"])
}
