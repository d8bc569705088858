internal import Testing

@testable internal import Domain

/// Approving less than was asked for, and never more.
struct TermsTests {
  private static let asked = Terms(scope: Example.request().scope, duration: .hours(2))

  private static func terms(
    _ resources: [String] = ["mailboxes/alice", "mailboxes/bob"],
    _ actions: [Action] = [.read, .export], _ duration: Duration = .hours(2),
    from start: Timestamp? = nil
  ) -> Terms {
    Terms(scope: Scope(resources: resources, actions: actions), duration: duration, start: start)
  }

  private func run(
    _ events: [RequestEvent], from record: RequestRecord = Example.record(.received),
    at now: Timestamp = Example.start
  ) throws(Refusal) -> RequestRecord {
    var record = record
    for event in events { record = try Transition.apply(event, to: record, at: now).record }
    return record
  }

  private func waiting() throws -> RequestRecord {
    try run([
      .open(Example.snapshot), Example.decide(.approve, by: Example.manager("max"), stage: 0),
      Example.decide(.approve, by: Example.manager("mia"), stage: 0),
      Example.decide(.approve, by: Example.manager("dora"), stage: 1),
    ])
  }

  private func approve(_ terms: Terms?) -> RequestEvent {
    Example.decide(.approve, by: Example.approver("ana"), stage: 2, terms: terms)
  }

  static let narrower: [(String, Terms)] = [
    ("the same", terms()),
    ("one resource", terms(["mailboxes/bob"])),
    ("a resource below", terms(["mailboxes/alice/inbox/2026"])),
    ("two below one", terms(["mailboxes/alice/inbox", "mailboxes/alice/sent"])),
    ("one action", terms(["mailboxes/alice"], [.read])),
    ("shorter", terms(["mailboxes/alice"], [.read], .minutes(30))),
    ("later", terms(from: Example.start + .hours(24))),
    ("a moment that is over", terms(from: Example.start - .hours(1))),
    ("a week ahead", terms(from: Example.start + Limits.furthestStart)),
  ]

  @Test("a grant is what was approved", arguments: narrower)
  func narrow(_ name: String, _ terms: Terms) throws {
    let approved = try run([approve(terms)], from: try waiting())
    let grant = try #require(approved.grant)
    #expect(grant.scope == terms.scope)
    #expect(grant.start == max(Example.start, terms.start ?? Example.start))
    #expect(grant.end - grant.start == terms.duration)
    #expect(approved.decisions.last?.terms == terms)
    #expect(approved.terms == terms)
  }

  static let wider: [(String, Terms)] = [
    ("another resource", terms(["mailboxes/carol"])),
    ("one resource more", terms(["mailboxes/alice", "mailboxes/bob", "mailboxes/carol"])),
    ("the resource above", terms(["mailboxes"])),
    ("a name that only begins alike", terms(["mailboxes/alice2"])),
    ("another spelling", terms(["Mailboxes/alice"])),
    ("an action more", terms(["mailboxes/alice"], [.read, .write])),
    ("longer", terms(["mailboxes/alice"], [.read], .hours(2) + .nanoseconds(1))),
  ]

  // Breaks when `check` in Transition+Approval.swift drops its `.termsTooWide` line.
  @Test("nobody approves more than was asked for", arguments: wider)
  func widen(_ name: String, _ terms: Terms) throws {
    #expect(
      Outcome(approve(terms), on: try waiting(), at: Example.start) == .refused(.termsTooWide))
  }

  @Test("nobody puts access off for more than a week")
  func tooFar() throws {
    let far = Self.terms(from: Example.start + Limits.furthestStart + .nanoseconds(1))
    #expect(
      Outcome(approve(far), on: try waiting(), at: Example.start) == .refused(.startTooFar))
  }

  @Test("what an earlier stage narrowed stays narrowed")
  func stages() throws {
    let night = Example.start + .hours(8)
    let narrowed = Self.terms(["mailboxes/alice"], [.read], .hours(1), from: night)
    let opened = try run([
      .open(Example.snapshot),
      Example.decide(.approve, by: Example.manager("max"), stage: 0, terms: narrowed),
    ])
    let second = Example.manager("mia")
    for tooWide in [
      Self.asked, Self.terms(["mailboxes/alice"], [.read], .hours(1)),
      Self.terms(["mailboxes/alice"], [.read], .hours(1), from: night - .nanoseconds(1)),
    ] {
      #expect(
        Outcome(
          Example.decide(.approve, by: second, stage: 0, terms: tooWide), on: opened,
          at: Example.start) == .refused(.termsTooWide))
    }
    let approved = try run(
      [
        Example.decide(.approve, by: second, stage: 0),
        Example.decide(.approve, by: Example.manager("dora"), stage: 1), approve(nil),
      ], from: opened)
    #expect(approved.grant?.scope == narrowed.scope)
    #expect(approved.grant?.start == night)
    #expect(approved.grant?.end == night + .hours(1))
  }

  @Test("a start that has passed by the last approval moves to it, and the length stays")
  func lateApproval() throws {
    let terms = Self.terms(from: Example.start + .minutes(10))
    let now = Example.start + .hours(3)
    let approved = try run([approve(terms)], from: try waiting(), at: now)
    #expect(approved.grant?.start == now)
    #expect(approved.grant?.end == now + .hours(2))
  }

  @Test("what stands is no longer than the tenant allows, and nobody narrows from more")
  func longest() throws {
    let record = RequestRecord(request: Example.request(duration: .hours(100)))
    let opened = try run([.open(Example.snapshot)], from: record)
    #expect(opened.terms.duration == .hours(4))
    #expect(
      Outcome(
        Example.decide(
          .approve, by: Example.manager("max"), stage: 0,
          terms: Terms(scope: record.request.scope, duration: .hours(5))), on: opened,
        at: Example.start) == .refused(.termsTooWide))
  }

  @Test("the same narrowing again changes nothing, another one is another decision")
  func again() throws {
    let narrowed = Self.terms(["mailboxes/alice"])
    let approved = try run([approve(narrowed)], from: try waiting())
    #expect(Outcome(approve(narrowed), on: approved, at: Example.start) == .unchanged)
    for other in [nil, Self.terms(["mailboxes/bob"])] {
      #expect(
        Outcome(approve(other), on: approved, at: Example.start) == .refused(.alreadyDecided))
    }
  }

  @Test("before its beginning a grant can be revoked and given back, and it ends at its end")
  func beforeItsBeginning() throws {
    let start = Example.start + .hours(24)
    let approved = try run([approve(Self.terms(from: start))], from: try waiting())
    #expect(approved.state(at: Example.start) == .approved)
    #expect(approved.deadline == start + .hours(2))
    let now = Example.start + .hours(1)
    #expect(
      Outcome(.revoke(by: Example.approver("ana")), on: approved, at: now) == .changed(.revoked))
    #expect(
      Outcome(.returnGrant(by: Example.engineer), on: approved, at: now) == .changed(.ended))
    #expect(Outcome(.endGrant, on: approved, at: start) == .refused(.notDue))
    #expect(Outcome(.endGrant, on: approved, at: start + .hours(2)) == .changed(.ended))
  }
}
