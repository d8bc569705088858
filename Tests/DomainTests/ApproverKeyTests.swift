internal import Testing

@testable internal import Domain

struct ApproverKeyTests {
  private static let owner = Example.approver("ana").subject
  private static let alma = Person(
    subject: Subject(issuer: Example.acmeIssuer, id: "alma"), affiliation: .tenant(Example.acme))
  private static let admin = alma.subject
  private static let key = ApproverKey(
    id: Example.digest, tenant: Example.acme, approver: owner, publicKey: [1], label: "laptop",
    registerTime: Example.start, usableTime: Example.start + .hours(24))

  @Test("a key counts from the end of its waiting time on")
  func waiting() {
    #expect(!Self.key.isUsable(at: Example.start + .hours(24) - .nanoseconds(1)))
    #expect(Self.key.isUsable(at: Example.start + .hours(24)))
  }

  @Test("another admin lets it count earlier; its owner cannot")
  func confirmation() throws {
    let now = Example.start + .minutes(5)
    #expect(throws: Refusal.ownKey) {
      try Self.key.confirmed(by: Example.approver("ana"), at: now)
    }
    var alias = Self.alma
    alias.aliases = [Self.owner]
    #expect(throws: Refusal.ownKey) { try Self.key.confirmed(by: alias, at: now) }
    let confirmed = try Self.key.confirmed(by: Self.alma, at: now)
    #expect(confirmed.isUsable(at: now) && !confirmed.isUsable(at: now - .nanoseconds(1)))
    #expect(confirmed.confirmedBy == Self.admin)
    #expect(try confirmed.confirmed(by: Self.alma, at: now + .hours(1)) == confirmed)
    #expect(try Self.key.confirmed(by: Self.alma, at: Example.start + .hours(30)) == Self.key)
  }

  @Test("a revoked key never counts again")
  func revocation() throws {
    let now = Example.start + .hours(48)
    let revoked = Self.key.revoked(by: Self.admin, at: now)
    #expect(!revoked.isUsable(at: now) && !revoked.isUsable(at: now + .hours(1_000)))
    #expect(throws: Refusal.keyRevoked) { try revoked.confirmed(by: Self.alma, at: now) }
    #expect(revoked.revoked(by: Self.owner, at: now + .hours(1)) == revoked)
  }

  private static let signature = StatementSignature(
    key: Example.digest, signTime: Example.start, signature: [1], statement: [2])

  // Breaks when `decide` drops its `.signatureRequired` line.
  @Test(
    "where signatures are demanded, neither word counts without one", arguments: Verdict.allCases)
  func demanded(_ verdict: Verdict) throws {
    let stage = Stage(
      name: "customer", side: .customer,
      approvers: Approvers(people: ["ana"], groups: [], quorum: 1), lifetime: .hours(1),
      requiresSignature: true)
    let record = RequestRecord(
      request: Example.request(),
      state: .awaitingCustomer(stage: 0, deadline: Example.start + .hours(1)),
      snapshot: PolicySnapshot(
        policyVersion: 1, tenantVersion: 1, stages: [stage], longestAccess: .hours(4)))
    func decision(_ signature: StatementSignature?) -> RequestEvent {
      .decide(
        verdict, stage: 0, by: Example.approver("ana"), digest: Example.digest, comment: "",
        signature: signature, grantID: Example.grantID)
    }
    #expect(
      Outcome(decision(nil), on: record, at: Example.start) == .refused(.signatureRequired))
    let decided = try Transition.apply(decision(Self.signature), to: record, at: Example.start)
    #expect(decided.record.state == (verdict == .approve ? .approved : .denied))
    #expect(decided.record.decisions.last?.signature == Self.signature)
  }

  @Test("a tenant's demand reaches the customer's stage only")
  func snapshot() {
    let tenant = TenantSettings(
      tenant: Example.acme, displayName: "", lockboxEnabled: true, requestLifetime: .hours(12),
      longestAccess: .hours(4), approvers: Approvers(people: ["ana"], groups: [], quorum: 1),
      contacts: [], requiresSignedDecisions: true)
    let policy = WorkloadPolicy(
      workload: Workload("exchange")!,
      stages: [
        .init(
          name: "team", approvers: Approvers(people: ["max"], groups: [], quorum: 1),
          lifetime: .hours(1))
      ])
    let snapshot = PolicySnapshot(
      policy: policy, version: 1, tenant: tenant, version: 1,
      request: Example.request())
    #expect(snapshot.stages.map(\.requiresSignature) == [false, true])
  }
}
