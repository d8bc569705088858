internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

extension ApprovalsReader {
  /// The person with every other subject that is known to be the same human, in matters of a
  /// tenant: as the tenant's admins say it, and as the provider says it of its people.
  func known(_ person: Person, in tenant: TenantID) throws -> Person {
    var subjects: Set<Subject> = [person.subject]
    var unseen = [person.subject]
    while let subject = unseen.popLast() {
      for affiliation in [Affiliation.provider, .tenant(tenant)] {
        for other in try linkedPerson(of: subject, in: affiliation)?.subjects ?? []
        where subjects.insert(other).inserted {
          unseen.append(other)
        }
      }
    }
    var known = person
    known.aliases = subjects.subtracting([person.subject])
    return known
  }

  /// How many humans `subjects` are, in matters of a tenant.
  func humans(among subjects: Set<Subject>, in tenant: TenantID) throws -> Int {
    var unseen = subjects
    var count = 0
    while let subject = unseen.popFirst() {
      let person = Person(subject: subject, affiliation: .tenant(tenant))
      unseen.subtract(try known(person, in: tenant).aliases)
      count += 1
    }
    return count
  }
}

extension ApprovalsTransaction {
  func link(
    _ subjects: [Subject], in affiliation: Affiliation, by linker: Subject, origin: EventOrigin
  ) throws -> (person: LinkedPerson, changed: Bool) {
    var present: [LinkedPerson] = []
    for subject in subjects {
      if let person = try linkedPerson(of: subject, in: affiliation), !present.contains(person) {
        present.append(person)
      }
    }
    guard
      let person = LinkedPerson.linking(
        subjects, with: present, in: affiliation, by: linker, at: time.now)
    else { return (present[0], false) }
    guard person.subjects.count <= Limits.linkedSubjectCount.upperBound else {
      throw RPCError(.resourceExhausted, "one person has as many subjects as they may have")
    }
    for other in present { try remove(other) }
    try save(person)
    try append(.subjectsLinked(.init(person: .init(person))), of: affiliation, origin)
    return (person, true)
  }

  /// - Returns: those that stay linked.
  func unlink(
    _ subject: Subject, in affiliation: Affiliation, by person: Person, origin: EventOrigin
  ) throws -> LinkedPerson? {
    guard let present = try linkedPerson(of: subject, in: affiliation) else {
      throw RPCError.notFound("link")
    }
    guard !present.subjects.contains(person.subject) else {
      throw RPCError.reasoned(
        .permissionDenied, "nobody parts subjects that they are one of", reason: "OWN_LINK")
    }
    let rest = present.without(subject)
    try remove(present)
    if let rest { try save(rest) }
    try append(
      .subjectUnlinked(.init(subject: .init(subject), person: .init(present))), of: affiliation,
      origin)
    return rest
  }

  private func append(
    _ payload: EventV1.Event.Payload, of affiliation: Affiliation, _ origin: EventOrigin
  ) throws {
    let draft = EventDraft(
      time: time.now, tenant: affiliation.tenant, request: nil, origin: origin, payload: payload)
    try append { try draft.serialized(feed: feedName, sequence: $0) }
  }
}
