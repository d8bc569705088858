internal import Testing

@testable internal import Domain

/// Walks every sequence of events to a length, and long random ones, and checks what must hold in
/// all of them.
struct SequenceTests {
  static let events: [RequestEvent] = [
    .open(Example.snapshot),
    Example.decide(.approve, by: Example.manager("max"), stage: 0),
    Example.decide(.approve, by: Example.manager("mia"), stage: 0),
    Example.decide(.approve, by: Example.manager("dora"), stage: 1),
    Example.decide(.approve, by: Example.approver("ana"), stage: 2),
    Example.decide(.approve, by: Example.manager("dora"), stage: 1, terms: SequenceTests.narrowed),
    Example.decide(.approve, by: Example.approver("ana"), stage: 2, terms: SequenceTests.later),
    Example.decide(.deny, by: Example.approver("abe"), stage: 2),
    .ask("why?", by: Example.manager("max")),
    .answer("so", by: Example.engineer),
    .withdraw(by: Example.engineer),
    .expire(stage: 0), .expire(stage: 2),
    .revoke(by: Example.approver("ana")),
    .returnGrant(by: Example.engineer),
    .endGrant,
  ]

  private static let narrowed = Terms(
    scope: Scope(resources: ["mailboxes/alice/inbox"], actions: [.read]), duration: .hours(1))
  private static let later = Terms(
    scope: narrowed.scope, duration: .minutes(30), start: Example.start + .hours(20))

  @Test("every sequence of five events keeps the rules")
  func exhaustive() {
    walk(Example.record(.received), at: Example.start, left: 5)
  }

  @Test("ten thousand random lives keep the rules")
  func random() {
    var generator = Seeded(state: 20_261_121)
    for _ in 0..<10_000 {
      var record = Example.record(.received)
      var now = Example.start
      for _ in 0..<24 {
        now = now + .minutes(Int.random(in: 0...90, using: &generator))
        guard let event = Self.events.randomElement(using: &generator) else { continue }
        record = step(record, event, at: now)
      }
    }
  }

  private func walk(_ record: RequestRecord, at now: Timestamp, left: Int) {
    guard left > 0 else { return }
    for event in Self.events {
      for next in [now, now + .hours(13)] {
        let after = step(record, event, at: next)
        if after != record { walk(after, at: next, left: left - 1) }
      }
    }
  }

  private func step(
    _ record: RequestRecord, _ event: RequestEvent, at now: Timestamp
  ) -> RequestRecord {
    guard let transition = try? Transition.apply(event, to: record, at: now) else { return record }
    let after = transition.record
    let before = record.state.name
    if before.isFinal { #expect(transition.effects.isEmpty && after == record) }
    if transition.effects.isEmpty { #expect(after == record) }
    if after.state == .approved, before != .approved {
      for (index, stage) in (after.snapshot?.stages ?? []).enumerated() {
        #expect(after.approvals(at: index) >= stage.approvers.quorum)
      }
      #expect(record.deadline.map { now < $0 } == true)
      #expect(Set(after.decisions.map(\.approver)).count == after.decisions.count)
      #expect(!after.decisions.contains { $0.approver == after.request.engineer })
    }
    #expect(after.thread.starts(with: record.thread))
    #expect(after.thread.count <= record.thread.count + 1)
    checkTerms(before: record, after: after, at: now)
    #expect((after.grant != nil) == [.approved, .revoked, .ended].contains(after.state.name))
    return after
  }

  /// I7: never more than was asked for, and once narrowed never widened.
  private func checkTerms(before: RequestRecord, after: RequestRecord, at now: Timestamp) {
    #expect(after.terms.isWithin(before.terms))
    guard before.grant == nil, let grant = after.grant else { return }
    #expect(grant.scope.isWithin(after.request.scope))
    #expect(grant.start >= now && grant.start <= now + Limits.furthestStart)
    #expect(grant.end - grant.start <= min(after.request.duration, Example.snapshot.longestAccess))
  }
}
