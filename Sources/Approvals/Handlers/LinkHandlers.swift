internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// `lockbox.approvals.v1.SubjectLinkService`.
struct LinkHandlers: Sendable {
  let desk: Desk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.SubjectLinkService.linkSubjects, link)
    router.unary(ApprovalsV1.SubjectLinkService.unlinkSubject, unlink)
    router.unary(ApprovalsV1.SubjectLinkService.listLinkedPeople, list)
  }

  private func link(
    _ request: ApprovalsV1.LinkSubjectsRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.LinkSubjectsResponse {
    let caller = try context.caller()
    let affiliation = try Self.affiliation(of: caller, asked: request.tenantID)
    var violations = Violations()
    let count = Limits.linkedSubjectCount
    violations.require(
      count.contains(request.subjects.count), "subjects",
      "must be \(count.lowerBound) to \(count.upperBound)")
    let subjects = request.subjects.prefix(count.upperBound).enumerated().map { index, subject in
      Self.subject(subject, "subjects[\(index)]", &violations)
    }
    violations.require(
      Set(subjects).count == subjects.count, "subjects", "must be distinct")
    try violations.check()
    let origin = EventOrigin(caller, in: context)
    let (person, changed) = try await desk.store.write {
      try $0.link(subjects, in: affiliation, by: caller.subject, origin: origin)
    }
    return .init(person: .init(person), changed: changed)
  }

  private func unlink(
    _ request: ApprovalsV1.UnlinkSubjectRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.UnlinkSubjectResponse {
    let caller = try context.caller()
    let affiliation = try Self.affiliation(of: caller, asked: request.tenantID)
    var violations = Violations()
    let subject = Self.subject(request.subject ?? .init(), "subject", &violations)
    try violations.check()
    let person = try caller.person().decider
    let origin = EventOrigin(caller, in: context)
    let rest = try await desk.store.write {
      try $0.unlink(subject, in: affiliation, by: person, origin: origin)
    }
    return .init(person: rest.map { .init($0) })
  }

  private func list(
    _ request: ApprovalsV1.ListLinkedPeopleRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListLinkedPeopleResponse {
    let affiliation = try Self.affiliation(of: try context.caller(), asked: request.tenantID)
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken,
      query: ["links", affiliation.tenantID])
    let people = try await desk.store.read {
      try $0.linkedPeople(
        in: affiliation, after: page.after.flatMap { LinkedPersonID(pageKey: $0) },
        limit: page.size + 1)
    }
    let (elements, next) = page.cut(people) { $0.id.pageKey }
    return .init(people: elements.map { .init($0) }, nextPageToken: next)
  }

  /// Everybody speaks for their own side only; another's and none answer alike (I6).
  private static func affiliation(
    of caller: Caller, asked tenant: String
  ) throws(RPCError) -> Affiliation {
    let own = try caller.person().affiliation
    guard own.tenantID == tenant else { throw .notFound("tenant") }
    return own
  }

  private static func subject(
    _ message: CommonV1.Subject, _ field: String, _ violations: inout Violations
  ) -> Subject {
    violations.text(message.issuer, field + ".issuer", length: 1...256)
    violations.text(message.id, field + ".id", length: Limits.subjectLength)
    violations.text(
      message.displayName, field + ".display_name", length: Limits.displayNameLength)
    return Subject(message)
  }
}
