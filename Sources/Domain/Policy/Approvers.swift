/// Who may approve at a stage, and how many must. Nobody is named: nobody may.
public struct Approvers: Hashable, Sendable {
  /// People of the stage's side, by `Person.name`.
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
    people.contains(person.name) || !groups.isDisjoint(with: person.groups)
  }
}
