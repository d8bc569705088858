internal import Testing

@testable internal import Domain

/// Every (state, event) pair of design.md §3. The rows are the machine's specification: a pair that
/// is missing fails the last test.
struct TransitionTableTests {
  enum EventName: String, CaseIterable, Sendable {
    case open, openWithoutPolicy, approve, deny, ask, answer, withdraw, expire, announce, revoke,
      returnGrant, endGrant, refuse, extendedRevoked, extendedReturned, closeReview
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let state: RequestState.Name
    let event: EventName
    let inTime: Outcome
    /// The same at the deadline (of the stage or of the window).
    let atDeadline: Outcome

    init(
      _ state: RequestState.Name, _ event: EventName, _ inTime: Outcome, atDeadline: Outcome? = nil
    ) {
      self.state = state
      self.event = event
      self.inTime = inTime
      self.atDeadline = atDeadline ?? inTime
    }

    var testDescription: String { "\(state) × \(event)" }
  }

  static let rows: [Row] = [
    Row(.received, .open, .changed(.awaitingProvider)),
    Row(.received, .openWithoutPolicy, .changed(.denied)),
    Row(.received, .approve, .refused(.requestClosed)),
    Row(.received, .deny, .refused(.requestClosed)),
    Row(.received, .ask, .refused(.requestClosed)),
    Row(.received, .answer, .refused(.requestClosed)),
    Row(.received, .withdraw, .changed(.withdrawn)),
    Row(.received, .expire, .unchanged),
    Row(.received, .announce, .unchanged),
    Row(.received, .revoke, .refused(.grantNotLive)),
    Row(.received, .returnGrant, .refused(.grantNotLive)),
    Row(.received, .endGrant, .unchanged),
    Row(.received, .refuse, .changed(.denied)),
    Row(.received, .extendedRevoked, .unchanged),
    Row(.received, .extendedReturned, .unchanged),
    Row(.received, .closeReview, .refused(.nothingToReview)),

    Row(.awaitingProvider, .open, .refused(.requestClosed)),
    Row(.awaitingProvider, .openWithoutPolicy, .refused(.requestClosed)),
    Row(
      .awaitingProvider, .approve, .changed(.awaitingProvider),
      atDeadline: .refused(.requestExpired)),
    Row(.awaitingProvider, .deny, .changed(.denied), atDeadline: .refused(.requestExpired)),
    Row(
      .awaitingProvider, .ask, .changed(.awaitingProvider), atDeadline: .refused(.requestExpired)),
    Row(
      .awaitingProvider, .answer, .changed(.awaitingProvider), atDeadline: .refused(.requestExpired)
    ),
    Row(
      .awaitingProvider, .withdraw, .changed(.withdrawn), atDeadline: .refused(.requestExpired)),
    Row(.awaitingProvider, .expire, .refused(.notDue), atDeadline: .changed(.expired)),
    Row(.awaitingProvider, .announce, .unchanged),
    Row(.awaitingProvider, .revoke, .refused(.grantNotLive)),
    Row(.awaitingProvider, .returnGrant, .refused(.grantNotLive)),
    Row(.awaitingProvider, .endGrant, .unchanged),
    Row(.awaitingProvider, .refuse, .refused(.requestClosed)),
    Row(.awaitingProvider, .extendedRevoked, .unchanged),
    Row(.awaitingProvider, .extendedReturned, .unchanged),
    Row(.awaitingProvider, .closeReview, .refused(.nothingToReview)),

    Row(.awaitingCustomer, .open, .refused(.requestClosed)),
    Row(.awaitingCustomer, .openWithoutPolicy, .refused(.requestClosed)),
    Row(.awaitingCustomer, .approve, .changed(.approved), atDeadline: .refused(.requestExpired)),
    Row(.awaitingCustomer, .deny, .changed(.denied), atDeadline: .refused(.requestExpired)),
    Row(
      .awaitingCustomer, .ask, .changed(.awaitingCustomer), atDeadline: .refused(.requestExpired)),
    Row(
      .awaitingCustomer, .answer, .changed(.awaitingCustomer), atDeadline: .refused(.requestExpired)
    ),
    Row(
      .awaitingCustomer, .withdraw, .changed(.withdrawn), atDeadline: .refused(.requestExpired)),
    Row(.awaitingCustomer, .expire, .refused(.notDue), atDeadline: .changed(.expired)),
    // Half of its twelve hours are over; at the deadline it is expiry's turn.
    Row(
      .awaitingCustomer, .announce, .changed(.awaitingCustomer), atDeadline: .unchanged),
    Row(.awaitingCustomer, .revoke, .refused(.grantNotLive)),
    Row(.awaitingCustomer, .returnGrant, .refused(.grantNotLive)),
    Row(.awaitingCustomer, .endGrant, .unchanged),
    Row(.awaitingCustomer, .refuse, .refused(.requestClosed)),
    Row(.awaitingCustomer, .extendedRevoked, .unchanged),
    Row(.awaitingCustomer, .extendedReturned, .unchanged),
    Row(.awaitingCustomer, .closeReview, .refused(.nothingToReview)),

    Row(.approved, .open, .refused(.requestClosed)),
    Row(.approved, .openWithoutPolicy, .refused(.requestClosed)),
    Row(.approved, .approve, .refused(.requestClosed)),
    Row(.approved, .deny, .refused(.requestClosed)),
    Row(.approved, .ask, .refused(.requestClosed)),
    Row(.approved, .answer, .refused(.requestClosed)),
    Row(.approved, .withdraw, .changed(.ended), atDeadline: .refused(.grantNotLive)),
    Row(.approved, .expire, .unchanged),
    Row(.approved, .announce, .unchanged),
    Row(.approved, .revoke, .changed(.revoked), atDeadline: .refused(.grantNotLive)),
    Row(.approved, .returnGrant, .changed(.ended), atDeadline: .refused(.grantNotLive)),
    Row(.approved, .endGrant, .refused(.notDue), atDeadline: .changed(.ended)),
    Row(.approved, .refuse, .refused(.requestClosed)),
    Row(.approved, .extendedRevoked, .unchanged),
    Row(.approved, .extendedReturned, .unchanged),
    Row(.approved, .closeReview, .refused(.nothingToReview)),

    Row(.denied, .open, .refused(.requestClosed)),
    Row(.denied, .openWithoutPolicy, .refused(.requestClosed)),
    Row(.denied, .approve, .refused(.requestClosed)),
    Row(.denied, .deny, .refused(.requestClosed)),
    Row(.denied, .ask, .refused(.requestClosed)),
    Row(.denied, .answer, .refused(.requestClosed)),
    Row(.denied, .withdraw, .refused(.requestClosed)),
    Row(.denied, .expire, .unchanged),
    Row(.denied, .announce, .unchanged),
    Row(.denied, .revoke, .refused(.grantNotLive)),
    Row(.denied, .returnGrant, .refused(.grantNotLive)),
    Row(.denied, .endGrant, .unchanged),
    Row(.denied, .refuse, .refused(.requestClosed)),
    Row(.denied, .extendedRevoked, .unchanged),
    Row(.denied, .extendedReturned, .unchanged),
    Row(.denied, .closeReview, .refused(.nothingToReview)),

    Row(.expired, .open, .refused(.requestClosed)),
    Row(.expired, .openWithoutPolicy, .refused(.requestClosed)),
    Row(.expired, .approve, .refused(.requestExpired)),
    Row(.expired, .deny, .refused(.requestExpired)),
    Row(.expired, .ask, .refused(.requestExpired)),
    Row(.expired, .answer, .refused(.requestExpired)),
    Row(.expired, .withdraw, .refused(.requestExpired)),
    Row(.expired, .expire, .unchanged),
    Row(.expired, .announce, .unchanged),
    Row(.expired, .revoke, .refused(.grantNotLive)),
    Row(.expired, .returnGrant, .refused(.grantNotLive)),
    Row(.expired, .endGrant, .unchanged),
    Row(.expired, .refuse, .refused(.requestClosed)),
    Row(.expired, .extendedRevoked, .unchanged),
    Row(.expired, .extendedReturned, .unchanged),
    Row(.expired, .closeReview, .refused(.nothingToReview)),

    Row(.withdrawn, .open, .refused(.requestClosed)),
    Row(.withdrawn, .openWithoutPolicy, .refused(.requestClosed)),
    Row(.withdrawn, .approve, .refused(.requestClosed)),
    Row(.withdrawn, .deny, .refused(.requestClosed)),
    Row(.withdrawn, .ask, .refused(.requestClosed)),
    Row(.withdrawn, .answer, .refused(.requestClosed)),
    Row(.withdrawn, .withdraw, .unchanged),
    Row(.withdrawn, .expire, .unchanged),
    Row(.withdrawn, .announce, .unchanged),
    Row(.withdrawn, .revoke, .refused(.grantNotLive)),
    Row(.withdrawn, .returnGrant, .refused(.grantNotLive)),
    Row(.withdrawn, .endGrant, .unchanged),
    Row(.withdrawn, .refuse, .refused(.requestClosed)),
    Row(.withdrawn, .extendedRevoked, .unchanged),
    Row(.withdrawn, .extendedReturned, .unchanged),
    Row(.withdrawn, .closeReview, .refused(.nothingToReview)),

    Row(.revoked, .open, .refused(.requestClosed)),
    Row(.revoked, .openWithoutPolicy, .refused(.requestClosed)),
    Row(.revoked, .approve, .refused(.requestClosed)),
    Row(.revoked, .deny, .refused(.requestClosed)),
    Row(.revoked, .ask, .refused(.requestClosed)),
    Row(.revoked, .answer, .refused(.requestClosed)),
    Row(.revoked, .withdraw, .refused(.requestClosed)),
    Row(.revoked, .expire, .unchanged),
    Row(.revoked, .announce, .unchanged),
    Row(.revoked, .revoke, .unchanged),
    Row(.revoked, .returnGrant, .refused(.grantNotLive)),
    Row(.revoked, .endGrant, .unchanged),
    Row(.revoked, .refuse, .refused(.requestClosed)),
    Row(.revoked, .extendedRevoked, .unchanged),
    Row(.revoked, .extendedReturned, .unchanged),
    Row(.revoked, .closeReview, .refused(.nothingToReview)),

    Row(.ended, .open, .refused(.requestClosed)),
    Row(.ended, .openWithoutPolicy, .refused(.requestClosed)),
    Row(.ended, .approve, .refused(.requestClosed)),
    Row(.ended, .deny, .refused(.requestClosed)),
    Row(.ended, .ask, .refused(.requestClosed)),
    Row(.ended, .answer, .refused(.requestClosed)),
    Row(.ended, .withdraw, .refused(.requestClosed)),
    Row(.ended, .expire, .unchanged),
    Row(.ended, .announce, .unchanged),
    Row(.ended, .revoke, .refused(.grantNotLive)),
    Row(.ended, .returnGrant, .unchanged),
    Row(.ended, .endGrant, .unchanged),
    Row(.ended, .refuse, .refused(.requestClosed)),
    Row(.ended, .extendedRevoked, .unchanged),
    Row(.ended, .extendedReturned, .unchanged),
    Row(.ended, .closeReview, .refused(.nothingToReview)),
  ]

  @Test("each pair has the outcome that its row names", arguments: rows)
  func pair(_ row: Row) {
    let record = Self.record(row.state)
    let event = Self.event(row.event, on: record)
    #expect(Outcome(event, on: record, at: Example.start + .minutes(1)) == row.inTime)
    let deadline = record.deadline ?? Example.start + .hours(1_000)
    #expect(Outcome(event, on: record, at: deadline) == row.atDeadline)
  }

  @Test("every (state, event) pair has exactly one row")
  func complete() {
    let pairs = Self.rows.map { "\($0.state) × \($0.event)" }
    #expect(Set(pairs).count == pairs.count)
    #expect(pairs.count == RequestState.Name.allCases.count * EventName.allCases.count)
  }

  static func record(_ name: RequestState.Name) -> RequestRecord {
    let deadline = Example.start + .hours(1)
    return switch name {
    case .received: Example.record(.received)
    case .awaitingProvider: Example.record(.awaitingProvider(stage: 0, deadline: deadline))
    case .awaitingCustomer: Example.record(.awaitingCustomer(stage: 2, deadline: deadline))
    case .approved: Example.record(.approved, grant: Example.grant)
    case .denied: Example.record(.denied)
    case .expired: Example.record(.expired)
    case .withdrawn: Example.record(.withdrawn)
    case .revoked: Example.record(.revoked, grant: Example.grant)
    case .ended: Example.record(.ended, grant: Example.grant)
    }
  }

  static func event(_ name: EventName, on record: RequestRecord) -> RequestEvent {
    let stage = record.state.openStage?.index ?? 2
    let person = stage == 2 ? Example.approver("ana") : Example.manager("max")
    return switch name {
    case .open: .open(Example.snapshot)
    case .openWithoutPolicy: .open(nil)
    case .approve: Example.decide(.approve, by: person, stage: stage)
    case .deny: Example.decide(.deny, by: person, stage: stage)
    case .ask: .ask("why?", by: person)
    case .answer: .answer("so", by: Example.engineer)
    case .withdraw: .withdraw(by: Example.engineer)
    case .expire: .expire(stage: stage)
    case .announce: .announce(stage: stage)
    case .revoke: .revoke(by: Example.approver("ana"))
    case .returnGrant: .returnGrant(by: Example.engineer)
    case .endGrant: .endGrant
    case .refuse: .refuse(.reviewOverdue)
    case .extendedRevoked: .extendedGrantEnded(.revoked)
    case .extendedReturned: .extendedGrantEnded(.returned)
    case .closeReview: .closeReview(.accepted, by: Example.approver("ana"), comment: "")
    }
  }
}
