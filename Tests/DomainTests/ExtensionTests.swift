internal import Testing

@testable internal import Domain

@Suite("Extensions")
struct ExtensionTests {
  private static let opened = Example.start + .minutes(10)

  /// A live grant of the engineer's.
  private static func earlier(
    _ request: AccessRequest = Example.request(), state: RequestState = .approved,
    extended: ExtendedGrant? = nil
  ) -> RequestRecord {
    RequestRecord(
      request: request, state: state, snapshot: Example.shortSnapshot,
      grant: Grant(
        id: Example.earlier.id, scope: request.scope, start: Example.start,
        end: Example.earlier.end), extended: extended)
  }

  private func continuing(
    _ earlier: RequestRecord?, by request: AccessRequest? = nil, others: [RequestRecord] = [],
    at now: Timestamp = ExtensionTests.opened
  ) -> Result<ExtendedGrant, DenialReason> {
    let request = request ?? Example.request(extends: Example.earlier.id)
    return Result { () throws(DenialReason) in
      try request.continuing(earlier, others: others, at: now)
    }
  }

  @Test("a live grant of the engineer's own is continued from its end")
  func honest() {
    #expect(continuing(Self.earlier()) == .success(Example.earlier))
  }

  @Test("what is not live, not the engineer's or not as wide is not continued")
  func refusals() {
    #expect(continuing(nil) == .failure(.extendedGrantUnknown))
    let strangers = [
      Example.request(engineer: Subject(issuer: Example.provider, id: "emil")),
      Example.request(tenant: TenantID("globex")!), Example.request(workload: "sharepoint"),
    ]
    for request in strangers {
      #expect(continuing(Self.earlier(request)) == .failure(.extendedGrantUnknown))
    }
    #expect(
      continuing(
        Self.earlier(), by: Example.request(extends: Example.earlier.id, isBreakGlass: true))
        == .failure(.extendedGrantUnknown))
    #expect(continuing(Self.earlier(state: .revoked)) == .failure(.extendedGrantRevoked))
    #expect(continuing(Self.earlier(state: .ended)) == .failure(.extendedGrantOver))
    #expect(
      continuing(Self.earlier(), at: Example.earlier.end) == .failure(.extendedGrantOver))
    let narrow = Example.request(
      scope: Scope(resources: ["mailboxes/alice"], actions: [.read, .export]))
    #expect(continuing(Self.earlier(narrow)) == .failure(.extensionTooWide))
  }

  @Test("one at a time, and only so often")
  func bounds() {
    let other = RequestRecord(
      request: Example.request(id: 9, extends: Example.earlier.id),
      state: .awaitingCustomer(stage: 1, deadline: Self.opened + .hours(1)))
    #expect(continuing(Self.earlier(), others: [other]) == .failure(.alreadyExtended))
    for state in [RequestState.denied, .expired, .withdrawn, .revoked, .ended] {
      var over = other
      over.state = state
      #expect(continuing(Self.earlier(), others: [over]) == .success(Example.earlier))
    }
    let position = Limits.extensionCount
    for (earlier, expected) in [
      (position - 1, .success(position)), (position, .failure(.extendedTooOften)),
    ] as [(Int, Result<Int, DenialReason>)] {
      let extended = ExtendedGrant(
        id: Example.grantID, end: Example.start, position: earlier)
      #expect(continuing(Self.earlier(extended: extended)).map(\.position) == expected)
    }
  }

  private func approved(at moment: Timestamp, terms: Terms? = nil) throws -> Grant {
    var record = RequestRecord(request: Example.request(extends: Example.earlier.id))
    for event in [
      .open(Example.shortSnapshot, extending: Example.earlier),
      Example.decide(.approve, by: Example.manager("max"), stage: 0),
    ] as [RequestEvent] {
      record = try Transition.apply(event, to: record, at: Self.opened).record
    }
    #expect(record.terms.start == Example.earlier.end)
    record = try Transition.apply(
      Example.decide(.approve, by: Example.approver("ana"), stage: 1, terms: terms),
      to: record, at: moment
    ).record
    return try #require(record.grant)
  }

  @Test("access begins where the grant ends, or with an approval that comes later")
  func window() throws {
    let end = Example.earlier.end
    #expect(try approved(at: Self.opened).start == end)
    #expect(try approved(at: Self.opened).end == end + .hours(2))
    #expect(try approved(at: end + .minutes(5)).start == end + .minutes(5))
    let narrowed = Terms(
      scope: Example.request().scope, duration: .minutes(20), start: end + .minutes(1))
    #expect(try approved(at: Self.opened, terms: narrowed).start == end + .minutes(1))
    let early = Terms(scope: Example.request().scope, duration: .minutes(20), start: Self.opened)
    #expect(throws: Refusal.termsTooWide) { try approved(at: Self.opened, terms: early) }
  }
}
