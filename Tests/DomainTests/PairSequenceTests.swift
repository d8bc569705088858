internal import Testing

@testable internal import Domain

/// A live grant and a request that continues it, with all that can happen to either.
struct PairSequenceTests {
  private struct Pair: Hashable {
    var first: RequestRecord
    var continuing: RequestRecord
    var now: Timestamp
  }

  private static let first: [RequestEvent] = [
    .revoke(by: Example.approver("ana")), .returnGrant(by: Example.engineer),
    .withdraw(by: Example.engineer), .endGrant,
  ]

  private static let world = SmallWorld.all.first { $0.extended != nil }!

  private static let pauses: [Duration] = [.zero, .minutes(50), .hours(13)]

  @Test("whatever happens, who ends a grant ends what continues it")
  func exhaustive() {
    var grant = Example.record(.approved, grant: Example.grant)
    grant.grant = Grant(
      id: Example.earlier.id, scope: Example.request().scope, start: Example.start,
      end: Example.earlier.end)
    let events = Self.first.map { (true, $0) } + Self.world.events.map { (false, $0) }
    var broken: Set<String> = []
    var outcomes: Set<[RequestState.Name]> = []
    let search = Search(
      from: Pair(first: grant, continuing: Self.world.start, now: Example.start),
      choices: events.count * Self.pauses.count, length: 5
    ) { pair, choice in
      let (isFirst, event) = events[choice / Self.pauses.count]
      var pair = pair
      pair.now = pair.now + Self.pauses[choice % Self.pauses.count]
      step(&pair, event, onFirst: isFirst, &broken)
      outcomes.insert([pair.first.state.name, pair.continuing.state.name])
      check(pair, &broken)
      return pair
    }
    #expect(broken.isEmpty, "\(broken.sorted())")
    for outcome in [
      [.revoked, .denied], [.revoked, .revoked], [.ended, .withdrawn], [.ended, .ended],
      [.ended, .approved], [.approved, .approved],
    ] as [[RequestState.Name]] {
      #expect(outcomes.contains(outcome), "\(outcome)")
    }
    print("pairs: \(search.sequences) sequences through \(search.states) states")
  }

  /// As approvals does: opens only what it may, and lets the second follow the first.
  private func step(
    _ pair: inout Pair, _ event: RequestEvent, onFirst isFirst: Bool, _ broken: inout Set<String>
  ) {
    let before = isFirst ? pair.first : pair.continuing
    var event = event
    if case .open(let snapshot?, _) = event, !isFirst {
      do throws(DenialReason) {
        event = .open(
          snapshot,
          extending: try pair.continuing.request.continuing(
            pair.first, others: [], at: pair.now))
      } catch {
        event = .refuse(error)
      }
    }
    // What only the first can tell of.
    if case .extendedGrantEnded = event { return }
    guard let transition = try? Transition.apply(event, to: before, at: pair.now) else { return }
    broken.formUnion(LifeRules.broken(by: transition, of: before, at: pair.now))
    guard isFirst else {
      pair.continuing = transition.record
      return
    }
    pair.first = transition.record
    guard let (_, ending) = transition.earlyEnding,
      let followed = try? Transition.apply(
        .extendedGrantEnded(ending), to: pair.continuing, at: pair.now)
    else { return }
    broken.formUnion(LifeRules.broken(by: followed, of: pair.continuing, at: pair.now))
    pair.continuing = followed.record
  }

  private func check(_ pair: Pair, _ broken: inout Set<String>) {
    let states = (pair.first.state(at: pair.now), pair.continuing.state(at: pair.now))
    if pair.first.state == .revoked {
      let isOver = states.1.isFinal || states.1 == .received
      if !isOver { broken.insert("a revoked grant goes on as \(states.1)") }
    }
    if let end = pair.first.grant?.end, let next = pair.continuing.grant, next.start < end {
      broken.insert("the windows overlap")
    }
  }
}
