internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import SignedStatement
internal import Web

/// Approving, approving less, and denying: a page that says what would be done, and its form.
struct DecisionPages: Sendable {
  private typealias Service = ApprovalsV1.ApprovalsService

  /// For whom browsers sign.
  let relyingParty: WebAuthnRelyingParty

  func add(to site: inout Site) {
    site.page("/requests/:id/approve", "Approve") { try await confirm(.approve, $0) }
    site.page("/requests/:id/deny", "Deny") { try await confirm(.deny, $0) }
    site.page("/requests/:id/narrow", "Narrow") { visit in
      let record = try await visit.request()
      if let refusal = try await refusal(of: record, visit) { return refusal }
      return Self.narrowing(record, form: nil, problems: [], visit)
    }
    // Nothing is decided by it: the page that confirms it comes next. A form and no query, since
    // resources are long, and addresses are kept.
    site.action("/requests/:id/narrow", "NarrowDo") { visit, form in
      let record = try await visit.request()
      if let refusal = try await refusal(of: record, visit) { return refusal }
      return await confirm(.approve, record, form, visit)
    }
    site.action("/requests/:id/approve", "ApproveDo") { try await decide(.approve, $0, $1) }
    site.action("/requests/:id/deny", "DenyDo") { try await decide(.deny, $0, $1) }
    site.action("/requests/:id/statement", "Statement") { try await statement($0, $1) }
  }

  /// Nil where the reader may decide; who may not read it gets no page from the API at all.
  private func refusal(
    of record: ApprovalsV1.AccessRequestRecord, _ visit: Visit
  ) async throws -> Reply? {
    if Offers(on: record, to: visit.person, now: visit.now).decide { return nil }
    guard visit.person.has(.manager) || visit.person.has(.approver) else { throw RPCError.denied }
    return await visit.refused(
      record.state == .expired ? "REQUEST_EXPIRED" : "REQUEST_CLOSED", on: visit.parameter("id"))
  }

  private func confirm(_ verdict: CommonV1.Verdict, _ visit: Visit) async throws -> Reply {
    let record = try await visit.request()
    if let refusal = try await refusal(of: record, visit) { return refusal }
    return await confirm(verdict, record, WebForm(), visit)
  }

  /// - Parameter chosen: what the form narrows to, where it does.
  private func confirm(
    _ verdict: CommonV1.Verdict, _ record: ApprovalsV1.AccessRequestRecord, _ chosen: WebForm,
    _ visit: Visit
  ) async -> Reply {
    var problems: [Narrowing.Problem] = []
    let narrowing = Narrowing(chosen, within: record.standingTerms, problems: &problems)
    guard problems.isEmpty else {
      return Self.narrowing(record, form: chosen, problems: problems, visit)
    }
    let model = ConfirmationPage(
      verdict, on: record, narrowing: narrowing, seats: await seats(visit), visit.reading)
    return Self.page(model, visit)
  }

  private static func narrowing(
    _ record: ApprovalsV1.AccessRequestRecord, form: WebForm?, problems: [Narrowing.Problem],
    _ visit: Visit
  ) -> Reply {
    var page = Page(
      "decide-narrow", title: visit.texts("narrow.title"), area: visit.requestsArea,
      NarrowingPage(record, form: form, problems: problems, visit.reading))
    if !problems.isEmpty { page.status = 422 }
    return .page(page)
  }

  private static func page(_ model: ConfirmationPage, _ visit: Visit) -> Reply {
    var page = Page(
      "decide-confirm",
      title: visit.texts(model.isApproval ? "confirm.approve_title" : "confirm.deny_title"),
      area: visit.requestsArea, model)
    if model.signing != nil { page.scripts = ["passkey.js"] }
    if model.problem != nil { page.status = 422 }
    return .page(page)
  }

  private func decide(
    _ verdict: CommonV1.Verdict, _ visit: Visit, _ form: WebForm
  ) async throws -> Reply {
    let record = try await visit.request()
    do {
      let deciding = try Deciding(verdict, form, on: record)
      let signature = try await signature(deciding, form, on: record, visit)
      _ = try await visit.api.call(
        Service.decideAccessRequest,
        deciding.message(on: visit.parameter("id"), signature: signature))
      let notice = verdict == .approve ? "request_approved" : "request_denied"
      return .seeOther("/requests/\(visit.parameter("id"))", notice: notice)
    } catch let problem as Deciding.Problem {
      guard record.state.isPending else {
        return await visit.refused("REQUEST_CLOSED", on: visit.parameter("id"))
      }
      return try await again(verdict, form, problem, record, visit)
    } catch {
      return try await visit.refused(error, on: visit.parameter("id"))
    }
  }

  /// The page once more, as the request stands now, with what is wrong.
  private func again(
    _ verdict: CommonV1.Verdict, _ form: WebForm, _ problem: Deciding.Problem,
    _ record: ApprovalsV1.AccessRequestRecord, _ visit: Visit
  ) async throws -> Reply {
    var problems: [Narrowing.Problem] = []
    let narrowing = Narrowing(form, within: record.standingTerms, problems: &problems)
    return Self.page(
      ConfirmationPage(
        verdict, on: record, narrowing: problems.isEmpty ? narrowing : nil,
        comment: form.text("comment").unixLines, problem: problem, seats: await seats(visit),
        visit.reading), visit)
  }

  // MARK: - Signing

  /// Nil where nobody asks for a signature and none was made.
  private func signature(
    _ deciding: Deciding, _ form: WebForm, on record: ApprovalsV1.AccessRequestRecord,
    _ visit: Visit
  ) async throws -> CommonV1.StatementSignature? {
    guard let assertion = PasskeyAssertion(form) else {
      if record.stageNow?.requiresSignature == true { throw Deciding.Problem.notSigned }
      return nil
    }
    let subject = visit.person.subject
    guard
      let statement = Passkey.statement(
        deciding, on: record, by: subject, at: assertion.signTime)
    else { throw Deciding.Problem.notSigned }
    let keys = try await visit.api.call(
      ApprovalsV1.ApproverKeyService.listApproverKeys, .init()
    ).keys
    guard
      let signature = Passkey.signature(
        assertion, over: statement, of: subject, keys: keys, relyingParty: relyingParty)
    else { throw Deciding.Problem.notSigned }
    return signature
  }

  /// What a passkey is to sign, for the script: JSON, with a problem in words where there is one.
  private func statement(_ visit: Visit, _ form: WebForm) async throws -> Reply {
    let record = try await visit.request()
    let verdict: CommonV1.Verdict = form.text("verdict") == "deny" ? .deny : .approve
    do {
      let deciding = try Deciding(verdict, form, on: record)
      let statement = Passkey.statement(
        deciding, on: record, by: visit.person.subject, at: visit.now)
      return .statement(statement, at: visit.now, site: relyingParty.id)
    } catch {
      return .problem(visit.texts("decision.problem_\(error.rawValue)"))
    }
  }

  // MARK: - Delegates

  /// On whose seats the reader may decide beside their own.
  private func seats(_ visit: Visit) async -> [String] {
    guard visit.person.has(.approver),
      let answer = try? await visit.api.call(
        ApprovalsV1.AbsenceService.listAbsences, .init())
    else { return [] }
    return answer.absences.filter { absence in
      absence.delegate.utf8.elementsEqual(visit.person.name.utf8)
        && (Timestamp(absence.startTime).map { $0 <= visit.now } ?? true)
        && (Timestamp(absence.endTime).map { visit.now < $0 } ?? true)
    }.map(\.person)
  }
}
