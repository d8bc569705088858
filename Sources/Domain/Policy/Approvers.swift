/// Who may approve at a stage, and how many must. Nobody is named: nobody may.
public struct Approvers: Hashable, Sendable {
  /// Subject ids of the issuer that speaks for the stage's side.
  public let people: Set<String>
  /// Groups, as the `groups` claim names them.
  public let groups: Set<String>
  /// How many distinct people must approve.
  public let quorum: Int

  public init(people: Set<String>, groups: Set<String>, quorum: Int) {
    self.people = people
    self.groups = groups
    self.quorum = quorum
  }

  func include(_ person: Person) -> Bool {
    people.contains(person.subject.id) || !groups.isDisjoint(with: person.groups)
  }
}
