internal import Testing

@testable internal import Domain

extension SmallWorld {
  /// A stage that escalates, then one at which a seat is lent; max has two accounts.
  static let seats = SmallWorld(
    name: "seats", start: Example.record(.received), snapshot: seatSnapshot,
    pauses: [.zero, .hours(2), .hours(13)], more: seatEvents,
    reached: [.awaitingProvider, .awaitingCustomer, .approved, .denied, .expired, .withdrawn])

  private static let seatSnapshot = PolicySnapshot(
    policyVersion: 3, tenantVersion: 5,
    stages: [
      Stage(
        name: "duty", side: .provider,
        approvers: Approvers(people: ["dora"], groups: [], quorum: 1), lifetime: .hours(4),
        escalation: Escalation(
          after: .hours(1), approvers: Approvers(people: [], groups: ["managers"], quorum: 0))),
      Stage(
        name: "customer", side: .customer,
        approvers: Approvers(people: ["ana", "abe"], groups: [], quorum: 2), lifetime: .hours(12)),
    ], longestAccess: .hours(4))

  /// While ana is away, dan, whom nobody names, holds her seat.
  private static let absence = Absence(
    tenant: Example.acme, person: "ana", delegate: "dan", start: Example.start,
    end: Example.start + .hours(3), isOwn: true, setBy: Example.approver("ana").subject,
    setTime: Example.start)

  private static let seatEvents: [RequestEvent] = [
    Example.decide(.approve, by: Example.manager("dora"), stage: 0),
    Example.decide(.approve, by: Example.secondMax, stage: 0),
    Example.decide(.approve, by: Example.approver("abe"), stage: 1),
    lent(.approve, "dan", "ana", absence), lent(.deny, "dan", "ana", absence),
    lent(.approve, "dan", "ana", nil), lent(.approve, "dan", "abe", absence),
    lent(.approve, "abe", "ana", absence), lent(.approve, "ana", "ana", absence),
    Example.decide(.approve, by: Example.approver("dan"), stage: 1),
    .announce(stage: 0, absences: [absence]), .announce(stage: 1, absences: [absence]),
  ]

  private static func lent(
    _ verdict: Verdict, _ person: String, _ holder: String, _ absence: Absence?
  ) -> RequestEvent {
    .decide(
      verdict, stage: 1, by: Example.approver(person),
      seat: LentSeat(holder: holder, absence: absence), digest: Example.digest, comment: "",
      grantID: Example.grantID)
  }
}

extension Example {
  /// Max under another account.
  static let secondMax = Person(
    subject: Subject(issuer: provider, id: "max-admin"), affiliation: .provider,
    groups: ["managers"], aliases: [manager("max").subject])

  /// One name for one human.
  static func human(_ subject: Subject) -> Subject {
    subject == secondMax.subject ? manager("max").subject : subject
  }
}
