/// Subjects that are one human: they count as one wherever people must be distinct.
public struct LinkedPerson: Hashable, Sendable {
  public let id: LinkedPersonID
  /// Who says so, and of whose people: a tenant's admin, or the provider's operator.
  public let affiliation: Affiliation
  /// Two at least, in the order of their linking.
  public let subjects: [Subject]
  /// Who linked them last.
  public let linkedBy: Subject
  public let linkTime: Timestamp

  public init(
    id: LinkedPersonID, affiliation: Affiliation, subjects: [Subject], linkedBy: Subject,
    linkTime: Timestamp
  ) {
    precondition(subjects.count >= 2, "one subject alone is linked with nobody")
    self.id = id
    self.affiliation = affiliation
    self.subjects = subjects
    self.linkedBy = linkedBy
    self.linkTime = linkTime
  }

  /// Links `subjects` with one another and with all of `present`, who were linked with one of them.
  /// - Returns: nil where that changes nothing.
  public static func linking(
    _ subjects: [Subject], with present: [LinkedPerson], in affiliation: Affiliation,
    by linker: Subject, at now: Timestamp
  ) -> LinkedPerson? {
    var all: [Subject] = []
    for subject in present.flatMap(\.subjects) + subjects where !all.contains(subject) {
      all.append(subject)
    }
    if present.count == 1, present[0].subjects.count == all.count { return nil }
    return LinkedPerson(
      id: present.map(\.id).min() ?? .make(at: now), affiliation: affiliation, subjects: all,
      linkedBy: linker, linkTime: now)
  }

  /// The others, once `subject` counts for itself again; nil where only one is left.
  public func without(_ subject: Subject) -> LinkedPerson? {
    let rest = subjects.filter { $0 != subject }
    guard rest.count >= 2 else { return nil }
    return LinkedPerson(
      id: id, affiliation: affiliation, subjects: rest, linkedBy: linkedBy, linkTime: linkTime)
  }
}

public enum LinkedPersonKind {}
public typealias LinkedPersonID = ID<LinkedPersonKind>
