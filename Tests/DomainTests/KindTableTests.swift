internal import Testing

@testable internal import Domain

/// Every (state, event) pair of an extension and of break-glass: as `TransitionTableTests` says for
/// any request, but for the rows here.
struct KindTableTests {
  enum Kind: CaseIterable, Sendable {
    case continuing, breakGlass
  }

  typealias Row = TransitionTableTests.Row

  static func differences(of kind: Kind) -> [Row] {
    switch kind {
    case .continuing:
      [
        Row(.awaitingProvider, .extendedRevoked, .changed(.denied), atDeadline: .unchanged),
        Row(.awaitingProvider, .extendedReturned, .changed(.withdrawn), atDeadline: .unchanged),
        Row(.awaitingCustomer, .extendedRevoked, .changed(.denied), atDeadline: .unchanged),
        Row(.awaitingCustomer, .extendedReturned, .changed(.withdrawn), atDeadline: .unchanged),
        Row(.approved, .extendedRevoked, .changed(.revoked), atDeadline: .unchanged),
        Row(.approved, .extendedReturned, .changed(.ended), atDeadline: .unchanged),
      ]
    case .breakGlass:
      [
        // Over by its window, whether or not expiry has said so.
        Row(
          .approved, .closeReview, .refused(.grantStillLive), atDeadline: .changed(.approved)),
        Row(.revoked, .closeReview, .changed(.revoked)),
        Row(.ended, .closeReview, .changed(.ended)),
      ]
    }
  }

  @Test("each pair has the outcome of its row", arguments: Kind.allCases)
  func pairs(_ kind: Kind) {
    let differences = Self.differences(of: kind)
    for row in TransitionTableTests.rows {
      // Break-glass never waits for the customer.
      if kind == .breakGlass, row.state == .awaitingCustomer { continue }
      let expected =
        differences.first { $0.state == row.state && $0.event == row.event } ?? row
      let record = Self.record(kind, row.state)
      let event = Self.event(row.event, on: record)
      let deadline = record.deadline ?? Example.start + .hours(1_000)
      #expect(
        Outcome(event, on: record, at: Example.start + .minutes(1)) == expected.inTime, "\(row)")
      #expect(Outcome(event, on: record, at: deadline) == expected.atDeadline, "\(row)")
    }
  }

  static func record(_ kind: Kind, _ state: RequestState.Name) -> RequestRecord {
    let plain = TransitionTableTests.record(state)
    var record: RequestRecord
    switch kind {
    case .continuing:
      record = RequestRecord(
        request: Example.request(extends: Example.earlier.id), state: plain.state,
        snapshot: plain.snapshot, thread: plain.thread, grant: plain.grant)
      if state != .received { record.extended = Example.earlier }
    case .breakGlass:
      record = RequestRecord(
        request: Example.request(isBreakGlass: true), state: plain.state,
        snapshot: plain.snapshot == nil ? nil : Example.breakGlassSnapshot,
        thread: plain.thread, grant: plain.grant)
      record.review = plain.grant.map { BreakGlassReview(due: $0.end + .hours(72)) }
    }
    return record
  }

  static func event(
    _ name: TransitionTableTests.EventName, on record: RequestRecord
  ) -> RequestEvent {
    let isOpening = name == .open && record.request.isBreakGlass
    return isOpening
      ? .open(Example.breakGlassSnapshot) : TransitionTableTests.event(name, on: record)
  }
}
