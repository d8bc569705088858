internal import Testing

@testable internal import Domain

@Suite("Break-glass")
struct BreakGlassTests {
  private static let group = BreakGlassPolicy(
    approvers: Approvers(people: [], groups: ["duty"], quorum: 2), lifetime: .minutes(20))

  private static func tenant(
    reasons: Set<ReasonCode> = [.customerInitiatedSupport], longest: Duration = .minutes(40),
    contacts: [String] = ["security@acme.example"], allowed: Bool = true
  ) -> TenantSettings {
    TenantSettings(
      tenant: Example.acme, displayName: "Acme", lockboxEnabled: true,
      requestLifetime: .hours(12), longestAccess: .hours(4),
      approvers: Approvers(people: ["ana"], groups: [], quorum: 1), contacts: contacts,
      breakGlass: allowed
        ? BreakGlassSettings(reasons: reasons, longestAccess: longest) : nil)
  }

  private static func policy(_ group: BreakGlassPolicy? = group) -> WorkloadPolicy {
    WorkloadPolicy(
      workload: Workload("exchange")!,
      stages: [
        .init(
          name: "managers", approvers: Approvers(people: [], groups: ["managers"], quorum: 1),
          lifetime: .hours(2))
      ], breakGlass: group)
  }

  private func snapshot(
    _ tenant: TenantSettings = tenant(), _ policy: WorkloadPolicy = policy(),
    isBreakGlass: Bool = true
  ) -> Result<PolicySnapshot, DenialReason> {
    Result { () throws(DenialReason) in
      try PolicySnapshot(
        of: Example.request(isBreakGlass: isBreakGlass), policy: policy, version: 3,
        tenant: tenant, version: 5)
    }
  }

  @Test("the provider's group takes the place of every stage, for a short time")
  func honest() throws {
    let opened = try snapshot().get()
    #expect(opened.stages.map(\.side) == [.provider])
    #expect(opened.stages[0].approvers == Self.group.approvers)
    #expect(opened.stages[0].lifetime == .minutes(20))
    #expect(opened.longestAccess == .minutes(40))
    #expect(
      opened.breakGlass
        == .init(contacts: ["security@acme.example"], reviewLifetime: .hours(72)))
    let long = try snapshot(Self.tenant(longest: .hours(5))).get()
    #expect(long.longestAccess == Limits.longestBreakGlassAccess)
  }

  @Test("whoever does not ask for it gets the customer's stage")
  func notAsked() throws {
    let opened = try snapshot(isBreakGlass: false).get()
    #expect(opened.stages.map(\.side) == [.provider, .customer] && opened.breakGlass == nil)
  }

  @Test("not allowed is not given: by the tenant, for the reason, by the policy, to one alone")
  func refusals() {
    #expect(snapshot(Self.tenant(allowed: false)) == .failure(.breakGlassNotAllowed))
    #expect(snapshot(Self.tenant(reasons: [.productionAlert])) == .failure(.breakGlassNotAllowed))
    #expect(snapshot(Self.tenant(), Self.policy(nil)) == .failure(.breakGlassWithoutPolicy))
    let alone = BreakGlassPolicy(
      approvers: Approvers(people: [], groups: ["duty"], quorum: 1), lifetime: .minutes(20))
    #expect(snapshot(Self.tenant(), Self.policy(alone)) == .failure(.breakGlassWithoutPolicy))
  }

  @Test("settings that would not hold it together are refused")
  func rules() {
    func fields(_ tenant: TenantSettings) -> [String] {
      var violations = Violations()
      violations.tenant(tenant, rules: .production)
      return violations.found.map(\.field)
    }
    #expect(fields(Self.tenant()) == [])
    #expect(fields(Self.tenant(reasons: [])) == ["settings.break_glass.reasons"])
    #expect(fields(Self.tenant(contacts: [])) == ["settings.contacts"])
    #expect(
      fields(Self.tenant(longest: .minutes(61))) == ["settings.break_glass.longest_access"])
    func problems(_ quorum: Int, _ lifetime: Duration) -> [String] {
      var violations = Violations()
      violations.policy(
        Self.policy(
          BreakGlassPolicy(
            approvers: Approvers(people: [], groups: ["duty"], quorum: quorum),
            lifetime: lifetime)), rules: .production)
      return violations.found.map(\.field)
    }
    #expect(problems(2, .minutes(5)) == [])
    #expect(problems(1, .minutes(5)) == ["policy.break_glass.approvers.quorum"])
    #expect(problems(2, .hours(5)) == ["policy.break_glass.lifetime"])
  }

  /// Opened, and approved by two.
  private func used() throws -> (RequestRecord, [RequestEffect]) {
    var record = RequestRecord(request: Example.request(isBreakGlass: true))
    var effects: [RequestEffect] = []
    for event in [
      .open(Example.breakGlassSnapshot),
      Example.decide(.approve, by: Example.manager("max"), stage: 0),
      Example.decide(.approve, by: Example.manager("mia"), stage: 0),
    ] as [RequestEvent] {
      let transition = try Transition.apply(event, to: record, at: Example.start)
      record = transition.record
      effects += transition.effects
    }
    return (record, effects)
  }

  @Test("the contacts hear of the asking and of the using, and a review is open from then on")
  func notices() throws {
    let (record, effects) = try used()
    let grant = try #require(record.grant)
    let terms = try #require(Example.breakGlassSnapshot.breakGlass)
    let review = BreakGlassReview(due: grant.end + terms.reviewLifetime)
    #expect(record.state == .approved && record.review == review)
    #expect(grant.end == Example.start + .minutes(30))
    #expect(effects.contains(.breakGlassOpened(terms)))
    #expect(effects.last == .breakGlassUsed(grant, review, terms))
    #expect(!review.isOverdue(at: review.due - .nanoseconds(1)))
    #expect(review.isOverdue(at: review.due))
  }

  @Test("only the customer's people close the review, once, after the access")
  func review() throws {
    var (record, _) = try used()
    let ana = Example.approver("ana")
    let end = try #require(record.grant).end
    func close(
      _ verdict: ReviewVerdict, _ person: Person, at now: Timestamp
    ) -> Result<Transition, Refusal> {
      Result { [record] () throws(Refusal) in
        try Transition.apply(
          .closeReview(verdict, by: person, comment: "seen"), to: record, at: now)
      }
    }
    #expect(close(.accepted, ana, at: end - .seconds(1)) == .failure(.grantStillLive))
    #expect(close(.accepted, Example.manager("max"), at: end) == .failure(.notEligible))
    #expect(
      close(.accepted, Example.approver("bo", of: TenantID("globex")!), at: end)
        == .failure(.notEligible))
    record = try close(.disputed, ana, at: end).get().record
    let closing = try #require(record.review?.closing)
    #expect(closing.verdict == .disputed && closing.reviewer == ana.subject)
    #expect(closing.comment == "seen" && closing.time == end)
    #expect(record.review?.isOverdue(at: end + .hours(1_000)) == false)
    #expect(try close(.disputed, ana, at: end).get().effects.isEmpty)
    #expect(close(.accepted, ana, at: end) == .failure(.reviewClosed))
    #expect(close(.disputed, Example.approver("abe"), at: end) == .failure(.reviewClosed))
  }

  @Test("it is for now: nobody approves it for later")
  func later() throws {
    var record = RequestRecord(request: Example.request(isBreakGlass: true))
    record = try Transition.apply(
      .open(Example.breakGlassSnapshot), to: record, at: Example.start
    ).record
    let later = Terms(
      scope: Example.request().scope, duration: .minutes(10), start: Example.start + .hours(2))
    #expect(throws: Refusal.startTooFar) {
      try Transition.apply(
        Example.decide(.approve, by: Example.manager("max"), stage: 0, terms: later),
        to: record, at: Example.start)
    }
  }
}
