internal import Testing

@testable internal import Domain

/// The same human under several subjects counts once (I2).
struct LinkedPersonTests {
  private static let opened = try! Transition.apply(
    .open(Example.snapshot), to: Example.record(.received), at: Example.start
  ).record

  private static func manager(_ id: String, aliases: String...) -> Person {
    var person = Example.manager(id)
    person.aliases = Set(aliases.map { Subject(issuer: Example.provider, id: $0) })
    return person
  }

  // Breaks when `decide` compares subjects instead of asking `isSame`.
  @Test("the requester's other account does not approve, nor ask")
  func requester() {
    let alias = Self.manager("erin-admin", aliases: "erin")
    #expect(throws: Refusal.ownRequest) {
      try Transition.apply(
        Example.decide(.approve, by: alias, stage: 0), to: Self.opened, at: Example.start)
    }
    #expect(throws: Refusal.ownRequest) {
      try Transition.apply(.ask("why?", by: alias), to: Self.opened, at: Example.start)
    }
  }

  @Test("two accounts of one human make no quorum of two, though linked only between the two")
  func quorum() throws {
    let first = try Transition.apply(
      Example.decide(.approve, by: Example.manager("max"), stage: 0), to: Self.opened,
      at: Example.start)
    let alias = Self.manager("max2", aliases: "max", "max3")
    // Another account's word is another seat's: refused, whichever it is.
    for verdict in Verdict.allCases {
      #expect(throws: Refusal.alreadyDecided) {
        try Transition.apply(
          Example.decide(verdict, by: alias, stage: 0), to: first.record, at: Example.start)
      }
    }
    let other = try Transition.apply(
      Example.decide(.approve, by: Example.manager("mia"), stage: 0), to: first.record,
      at: Example.start)
    #expect(other.record.state.openStage?.index == 1)
  }

  @Test("an alias gives no right: not the group, and not the name in the policy")
  func noRight() throws {
    var stranger = Person(
      subject: Subject(issuer: Example.provider, id: "x"), affiliation: .provider)
    stranger.aliases = [Example.manager("max").subject, Example.manager("dora").subject]
    #expect(throws: Refusal.notEligible) {
      try Transition.apply(
        Example.decide(.approve, by: stranger, stage: 0), to: Self.opened, at: Example.start)
    }
  }

  @Test("links join whole people, change nothing twice, and come apart again")
  func joining() throws {
    let names = ["a", "b", "c", "d"].map { Subject(issuer: Example.provider, id: $0) }
    func link(_ subjects: [Subject], _ present: LinkedPerson...) -> LinkedPerson? {
      LinkedPerson.linking(
        subjects, with: present, in: .provider, by: Example.engineer, at: Example.start)
    }
    let first = try #require(link([names[0], names[1]]))
    let second = try #require(link([names[2], names[3]]))
    let all = try #require(link([names[1], names[2]], first, second))
    #expect(all.subjects == names && all.id == min(first.id, second.id))
    #expect(link([names[3], names[0]], all) == nil)
    #expect(all.without(names[1])?.subjects == [names[0], names[2], names[3]])
    #expect(first.without(names[0]) == nil)
  }
}
