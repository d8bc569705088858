internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// `lockbox.approvals.v1.ApprovalsService`.
struct ApprovalsHandlers: Sendable {
  let desk: Desk
  let signatures: SignatureDesk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.ApprovalsService.getAccessRequest, get)
    router.unary(ApprovalsV1.ApprovalsService.listAccessRequests, list)
    router.unary(ApprovalsV1.ApprovalsService.decideAccessRequest, decide)
    router.unary(ApprovalsV1.ApprovalsService.askQuestion, ask)
    router.unary(ApprovalsV1.ApprovalsService.answerQuestion, answer)
    router.unary(ApprovalsV1.ApprovalsService.revokeGrant, revoke)
  }

  private func get(
    _ request: ApprovalsV1.GetAccessRequestRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.GetAccessRequestResponse {
    let caller = try context.caller()
    guard let id = RequestID(request.requestID),
      let stored = try await desk.store.read({ try $0.request(id) }), stored.isVisible(to: caller)
    else { throw RPCError.notFound("access request") }
    return .init(accessRequest: try .init(stored, at: desk.now))
  }

  private func list(
    _ request: ApprovalsV1.ListAccessRequestsRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.ListAccessRequestsResponse {
    let view = try RequestView(
      caller: try context.caller(), tenant: request.tenantID, states: request.states,
      onlyOpenReviews: request.openReviewsOnly)
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken, query: ["requests"] + view.fingerprint)
    let now = desk.now
    let stored = try await desk.store.read { store in
      try store.requests(try view.query(page, at: now))
    }
    let (elements, next) = page.cut(stored) { $0.record.request.id.pageKey }
    return .init(accessRequests: try elements.map { try .init($0, at: now) }, nextPageToken: next)
  }

  private func decide(
    _ request: ApprovalsV1.DecideAccessRequestRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.DecideAccessRequestResponse {
    let caller = try context.caller()
    let person = try caller.person().decider
    var violations = Violations()
    let verdict = violations.unwrap(
      Verdict(rawValue: request.verdict.rawValue), "verdict", "must be APPROVE or DENY")
    let digest = violations.unwrap(
      Digest(request.requestDigest), "request_digest", "must be the 32 bytes of a SHA-256 digest")
    violations.text(request.comment, "comment", length: Limits.commentLength, lines: true)
    let holder = request.onBehalfOf.isEmpty ? nil : request.onBehalfOf
    if let holder { violations.text(holder, "on_behalf_of", length: Limits.subjectLength) }
    violations.require(
      request.stage < UInt32(Limits.providerStageCount.upperBound + 1), "stage",
      "is none that a request can have")
    let terms = request.terms.flatMap { Terms($0, "terms", &violations) }
    violations.require(
      request.terms == nil || verdict != .deny, "terms", "go with an approval only")
    try violations.check()
    guard let verdict, let digest else { preconditionFailure("checked above") }

    let id = RequestID(request.requestID)
    let stage = Int(request.stage)
    var signed: SignatureDesk.SignedDecision?
    if let signature = request.signature {
      guard let id, let stored = try await desk.store.read({ try $0.request(id) }),
        stored.isVisible(to: caller)
      else { throw RPCError.notFound("access request") }
      signed = try await signatures.verify(
        signature, on: stored, verdict, stage: stage, by: person.subject,
        onBehalfOf: holder, comment: request.comment, narrowing: terms)
    }
    let stored = try await desk.change(
      id, by: caller, in: context, comment: request.comment
    ) { [signed] stored, transaction in
      try transaction.requireSteadyClock()
      try signed?.requireStands(
        in: transaction, for: stored, narrowing: terms, verdict: verdict)
      return .decide(
        verdict, stage: stage, by: person,
        seat: try holder.map { try transaction.seat(of: $0, on: stored) },
        digest: digest, terms: terms,
        comment: request.comment, signature: signed?.signature,
        grantID: .make(at: transaction.time.now))
    }
    return .init(accessRequest: try .init(stored, at: desk.now))
  }

  private func ask(
    _ request: ApprovalsV1.AskQuestionRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.AskQuestionResponse {
    let caller = try context.caller()
    let person = try caller.person().decider
    try Self.check(request.text)
    let stored = try await desk.change(RequestID(request.requestID), by: caller, in: context) {
      stored, transaction in
      .ask(
        request.text, by: person,
        absences: try transaction.absences(of: stored.record.request.tenant))
    }
    return .init(accessRequest: try .init(stored, at: desk.now))
  }

  private func answer(
    _ request: ApprovalsV1.AnswerQuestionRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.AnswerQuestionResponse {
    let caller = try context.caller()
    try Self.check(request.text)
    let stored = try await desk.change(RequestID(request.requestID), by: caller, in: context) {
      _, _ in .answer(request.text, by: caller.subject)
    }
    return .init(accessRequest: try .init(stored, at: desk.now))
  }

  private static func check(_ text: String) throws {
    var violations = Violations()
    violations.text(text, "text", length: Limits.messageLength, lines: true)
    try violations.check()
  }

  private func revoke(
    _ request: ApprovalsV1.RevokeGrantRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.RevokeGrantResponse {
    let caller = try context.caller()
    let person = try caller.person().decider
    var violations = Violations()
    violations.text(request.comment, "comment", length: Limits.commentLength, lines: true)
    try violations.check()
    let stored = try await desk.change(
      grant: GrantID(request.grantID), by: caller, in: context, comment: request.comment,
      .revoke(by: person))
    return .init(accessRequest: try .init(stored, at: desk.now))
  }
}
