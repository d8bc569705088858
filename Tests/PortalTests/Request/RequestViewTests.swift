internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Portal

struct RequestViewTests {
  private static let clock = FakeClock()

  private func view(
    _ change: (inout ApprovalsV1.AccessRequestRecord) -> Void, _ language: Language = .english
  ) throws -> RequestView {
    var record = try RequestEscapingTests.record("x", Self.clock, state: .awaitingCustomer)
    change(&record)
    let texts = try Texts(
      language, files: PortalFiles.below("Languages/\(language.rawValue)"))
    return RequestView(
      record, Reading(texts: texts, zone: .utc, now: Self.clock.now() + .hours(1)))
  }

  @Test func `the open stage is marked, with how far it is and how long it stays open`() throws {
    let view = try view { _ in }
    #expect(view.stages.map(\.mark) == ["open"])
    #expect(view.stages[0].count == "1 of 2 approvals" && view.stages[0].isSigned)
    #expect(view.left?.text == "5 h left")
    #expect(view.isBreakGlass && view.narrowed?.duration == "1 h")
  }

  static let ends: [(CommonV1.AccessRequestState, String)] = [
    (.awaitingCustomer, "expires unless somebody decides"), (.expired, "expired unanswered"),
    (.withdrawn, "withdrawn"), (.revoked, "access revoked"), (.ended, "access over"),
    (.denied, "denied by a rule"), (.approved, "access ends"),
  ]

  @Test("the time line tells of the end last, or of when it will be", arguments: ends)
  func endings(_ state: CommonV1.AccessRequestState, _ words: String) throws {
    let view = try view {
      $0.state = state
      $0.updateTime = .init(Self.clock.now() + .seconds(1800))
      if state == .approved || state == .ended || state == .revoked {
        $0.grant = .init(
          startTime: .init(Self.clock.now()), endTime: .init(Self.clock.now() + .hours(8)))
      }
    }
    #expect(view.timeLine.first?.what == "asked for by")
    #expect(view.timeLine.last?.what == words)
    #expect(view.timeLine.contains { $0.what == "question of" && $0.words == ["x"] })
  }

  @Test(
    "who waits for whom is said from where the reader is",
    arguments: [
      (CommonV1.AccessRequestState.awaitingCustomer, false, "Waits for you"),
      (.awaitingCustomer, true, "Waits for the customer"),
      (.awaitingProvider, false, "With the provider"),
      (.awaitingProvider, true, "Waits for a manager"), (.approved, true, "Access is open"),
    ])
  func states(
    _ state: CommonV1.AccessRequestState, _ isProviders: Bool, _ words: String
  ) throws {
    let texts = try Texts(.english, files: PortalFiles.below("Languages/en"))
    let reading = Reading(
      texts: texts, zone: .utc, now: Self.clock.now(), isProviders: isProviders)
    #expect(StateMark(state, reading).text == words)
  }

  @Test("words that no build knows are said to be unknown", arguments: Language.allCases)
  func unknown(_ language: Language) throws {
    let view = try view(
      {
        $0.state = .unrecognized(99)
        $0.accessRequest?.reasonCode = .unrecognized(99)
        $0.accessRequest?.severity = .unrecognized(99)
        $0.accessRequest?.scope?.actions = [.unrecognized(99)]
        $0.stages[0].side = .unrecognized(99)
        $0.review?.verdict = .unrecognized(99)
        $0.denialReason = "SOMETHING_NEW"
      }, language)
    #expect(view.state.key == "unknown" && view.asked.actions.map(\.isGrave) == [true])
    #expect(view.denial == "SOMETHING_NEW")
  }
}

struct OffersTests {
  private static let clock = FakeClock()

  private func offers(
    _ state: CommonV1.AccessRequestState, _ role: Role, id: String = "ana",
    _ change: (inout ApprovalsV1.AccessRequestRecord) -> Void = { _ in }
  ) throws -> Offers {
    var record = try RequestEscapingTests.record("erin", Self.clock, state: state)
    change(&record)
    let person = VerifiedPerson(
      subject: Subject(issuer: "erin", id: id), affiliation: .provider, roles: [role],
      groups: [], expiry: .distantFuture)
    return Offers(on: record, to: person, now: Self.clock.now())
  }

  @Test(
    "each role is offered what it may do",
    arguments: [
      (CommonV1.AccessRequestState.awaitingProvider, Role.manager, true),
      (.awaitingProvider, .approver, false), (.awaitingCustomer, .approver, true),
      (.awaitingCustomer, .manager, false), (.awaitingCustomer, .admin, false),
      (.awaitingCustomer, .auditor, false), (.awaitingCustomer, .operator, false),
      (.received, .manager, false), (.approved, .approver, false), (.denied, .approver, false),
    ])
  func decide(_ state: CommonV1.AccessRequestState, _ role: Role, _ may: Bool) throws {
    let offers = try offers(state, role)
    #expect(offers.decide == may && offers.ask == may)
  }

  @Test func `nobody is offered their own request to decide, and only they may give it back`()
    throws
  {
    #expect(try !offers(.awaitingProvider, .manager, id: "erin").decide)
    #expect(try offers(.awaitingProvider, .engineer, id: "erin").withdraw)
    #expect(try offers(.awaitingProvider, .engineer, id: "erin").answer)
    #expect(try !offers(.awaitingProvider, .engineer).withdraw)
    #expect(try offers(.approved, .engineer, id: "erin").giveBack)
    #expect(try !offers(.approved, .engineer).giveBack)
    #expect(try offers(.approved, .approver).revoke)
    #expect(try !offers(.approved, .auditor).revoke)
    #expect(try offers(.ended, .approver).review)
    #expect(try !offers(.approved, .approver).review)
  }

  @Test func `after the deadline nothing is offered`() throws {
    let late = try offers(.awaitingCustomer, .approver) {
      $0.deadline = .init(Self.clock.now())
      $0.review = nil
    }
    #expect(!late.any && !late.decide)
  }
}
