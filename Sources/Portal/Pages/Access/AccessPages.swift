internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Web

/// Access now, and the ways in which it ends.
enum AccessPages {
  private typealias Service = ApprovalsV1.ApprovalsService

  static func add(to site: inout Site) {
    site.page("/access", "Access") { visit in
      async let grants = visit.api.call(
        ApprovalsV1.GrantService.listGrants, .init(pageSize: 100, liveOnly: true))
      async let reviews = reviews(visit)
      let model = AccessPage(
        try await grants, try await reviews, to: visit.person, visit.reading)
      var page = Page("access", title: visit.texts("access.title"), area: .access, model)
      page.isLive = true
      return .page(page)
    }
    for kind in EndingPage.Kind.allCases {
      site.page(pattern(kind), "Ending") { visit in
        let record = try await record(kind, visit)
        return show(kind, EndingPage(kind, record, visit.reading), visit)
      }
      site.action(pattern(kind), "EndingDo") { try await end(kind, $0, $1) }
    }
  }

  private static func pattern(_ kind: EndingPage.Kind) -> String {
    switch kind {
    case .revoke, .giveBack: "/grants/:id/\(kind.rawValue)"
    case .withdraw, .review: "/requests/:id/\(kind.rawValue)"
    }
  }

  private static func reviews(
    _ visit: Visit
  ) async throws(RPCError) -> ApprovalsV1.ListAccessRequestsResponse {
    guard visit.tenant != nil else { return .init() }
    return try await visit.api.call(
      Service.listAccessRequests, .init(pageSize: 100, openReviewsOnly: true))
  }

  private static func record(
    _ kind: EndingPage.Kind, _ visit: Visit
  ) async throws -> ApprovalsV1.AccessRequestRecord {
    switch kind {
    case .revoke, .giveBack: try await visit.requestOfGrant()
    case .withdraw, .review: try await visit.request()
    }
  }

  private static func show(
    _ kind: EndingPage.Kind, _ model: EndingPage, _ visit: Visit
  ) -> Reply {
    let title = visit.texts(kind == .review ? "review_close.title" : "\(kind.rawValue).title")
    var page = Page("access-end", title: title, area: visit.requestsArea, model)
    if model.problem != nil { page.status = 422 }
    return .page(page)
  }

  private static func end(
    _ kind: EndingPage.Kind, _ visit: Visit, _ form: WebForm
  ) async throws -> Reply {
    let record = try await record(kind, visit)
    let comment = form.text("comment").unixLines.trimmed
    let verdict: CommonV1.ReviewVerdict =
      switch form.text("verdict") {
      case "accepted": .accepted
      case "disputed": .disputed
      default: .unspecified
      }
    if let problem = problem(kind, comment, verdict) {
      let model = EndingPage(
        kind, record, comment: comment, verdict: form.text("verdict"),
        problem: visit.texts(problem), visit.reading)
      return show(kind, model, visit)
    }
    let id = record.accessRequest?.requestID ?? ""
    do {
      try await call(kind, record, comment, verdict, visit)
      return .seeOther("/requests/\(id)", notice: notice(kind))
    } catch {
      return try await visit.refused(error, on: id)
    }
  }

  /// The key of what the form lacks.
  private static func problem(
    _ kind: EndingPage.Kind, _ comment: String, _ verdict: CommonV1.ReviewVerdict
  ) -> String? {
    switch kind {
    case .giveBack, .withdraw: nil
    case .revoke: comment.isEmpty ? "ending.problem_comment" : nil
    case .review:
      verdict == .unspecified
        ? "review.problem_verdict" : comment.isEmpty ? "ending.problem_comment" : nil
    }
  }

  private static func call(
    _ kind: EndingPage.Kind, _ record: ApprovalsV1.AccessRequestRecord, _ comment: String,
    _ verdict: CommonV1.ReviewVerdict, _ visit: Visit
  ) async throws(RPCError) {
    let id = record.accessRequest?.requestID ?? ""
    let grant = record.grant?.grantID ?? ""
    switch kind {
    case .revoke:
      _ = try await visit.api.call(
        Service.revokeGrant, .init(grantID: grant, comment: comment))
    case .giveBack:
      _ = try await visit.api.call(
        ApprovalsV1.GrantService.returnGrant, .init(grantID: grant))
    case .withdraw:
      _ = try await visit.api.call(
        IntakeV1.IntakeService.withdrawAccessRequest, .init(requestID: id, comment: comment))
    case .review:
      _ = try await visit.api.call(
        Service.closeReview, .init(requestID: id, verdict: verdict, comment: comment))
    }
  }

  private static func notice(_ kind: EndingPage.Kind) -> String {
    switch kind {
    case .revoke: "request_revoked"
    case .giveBack: "request_returned"
    case .withdraw: "request_withdrawn"
    case .review: "request_reviewed"
    }
  }
}
