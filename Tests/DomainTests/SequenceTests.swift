internal import Testing

@testable internal import Domain

/// Walks every sequence of events to a length, and long random ones, and checks in each step what
/// must hold in all of them.
struct SequenceTests {
  /// Where a request is, and when.
  struct Moment: Hashable {
    var record: RequestRecord
    var now: Timestamp
  }

  @Test("every sequence of five events keeps the rules", arguments: SmallWorld.all)
  func exhaustive(_ world: SmallWorld) {
    var broken: Set<String> = []
    var names: Set<RequestState.Name> = []
    let events = world.events
    let pauses = world.pauses
    let search = Search(
      from: Moment(record: world.start, now: Example.start),
      choices: events.count * pauses.count, length: 5
    ) { moment, choice in
      let now = moment.now + pauses[choice % pauses.count]
      let record = step(moment.record, events[choice / pauses.count], at: now, &broken)
      names.insert(record.state.name)
      return Moment(record: record, now: now)
    }
    #expect(broken.isEmpty, "\(broken.sorted())")
    #expect(names.isSuperset(of: world.reached), "\(names)")
    print("\(world.name): \(search.sequences) sequences through \(search.states) states")
  }

  @Test("ten thousand random lives keep the rules", arguments: SmallWorld.all)
  func random(_ world: SmallWorld) {
    var generator = Seeded(state: 20_261_121)
    var broken: Set<String> = []
    for _ in 0..<10_000 / SmallWorld.all.count {
      var record = world.start
      var now = Example.start
      for _ in 0..<24 {
        now = now + .minutes(Int.random(in: 0...90, using: &generator))
        guard let event = world.events.randomElement(using: &generator) else { continue }
        record = step(record, event, at: now, &broken)
      }
    }
    #expect(broken.isEmpty, "\(broken.sorted())")
  }

  private func step(
    _ record: RequestRecord, _ event: RequestEvent, at now: Timestamp, _ broken: inout Set<String>
  ) -> RequestRecord {
    guard let transition = try? Transition.apply(event, to: record, at: now) else { return record }
    broken.formUnion(LifeRules.broken(by: transition, of: record, at: now))
    return transition.record
  }
}
