internal import Testing

@testable internal import Domain

/// Questions and answers: who may, when, and that they change nothing else.
struct ThreadTests {
  private static let waiting = RequestRecord(
    request: Example.request(),
    state: .awaitingCustomer(stage: 2, deadline: Example.start + .hours(12)),
    snapshot: Example.snapshot)

  private func after(_ events: RequestEvent..., from record: RequestRecord = waiting) throws
    -> RequestRecord
  {
    try events.reduce(record) { record, event in
      try Transition.apply(event, to: record, at: Example.start).record
    }
  }

  @Test("a question and its answer are kept in order, and nothing else changes")
  func conversation() throws {
    var record = try after(
      .ask("why?", by: Example.approver("ana")), .answer("so", by: Example.engineer),
      .ask("since when?", by: Example.approver("abe")))
    #expect(record.thread.map(\.text) == ["why?", "so", "since when?"])
    #expect(record.thread.map(\.kind) == [.question, .answer, .question])
    #expect(record.thread.map(\.author.id) == ["ana", "erin", "abe"])
    record.thread = []
    #expect(record == Self.waiting)
  }

  static let strangers: [(String, Person, Refusal)] = [
    ("a manager at the customer's stage", Example.manager("max"), .notEligible),
    ("another tenant's approver", Example.approver("ana", of: TenantID("globex")!), .notEligible),
    (
      "somebody of the tenant who may not decide",
      Person(
        subject: Subject(issuer: Example.acmeIssuer, id: "eve"),
        affiliation: .tenant(Example.acme)), .notEligible
    ),
    ("the engineer", Person(subject: Example.engineer, affiliation: .provider), .ownRequest),
  ]

  @Test("only who may decide now may ask", arguments: strangers)
  func refusedToAsk(_ name: String, _ person: Person, _ refusal: Refusal) {
    #expect(
      Outcome(.ask("why?", by: person), on: Self.waiting, at: Example.start) == .refused(refusal))
  }

  @Test("only the engineer answers, and only what was asked")
  func answers() throws {
    #expect(
      Outcome(.answer("so", by: Example.engineer), on: Self.waiting, at: Example.start)
        == .refused(.nothingAsked))
    let asked = try after(.ask("why?", by: Example.approver("ana")))
    #expect(
      Outcome(.answer("so", by: Example.manager("max").subject), on: asked, at: Example.start)
        == .refused(.notRequester))
  }

  @Test("the same words again are the same call, until somebody says something else")
  func again() throws {
    let ask = RequestEvent.ask("why?", by: Example.approver("ana"))
    let asked = try after(ask)
    #expect(Outcome(ask, on: asked, at: Example.start) == .unchanged)
    let answered = try after(.answer("so", by: Example.engineer), from: asked)
    #expect(Outcome(ask, on: answered, at: Example.start) == .changed(.awaitingCustomer))
  }

  @Test("a thread has an end")
  func full() throws {
    var record = Self.waiting
    for number in 0..<Limits.threadLength {
      record = try after(.ask("\(number)?", by: Example.approver("ana")), from: record)
    }
    #expect(
      Outcome(.answer("so", by: Example.engineer), on: record, at: Example.start)
        == .refused(.threadFull))
  }
}
