internal import LockboxProto
internal import RPC
internal import ServiceKit

/// One request: who, why, what, how long, and what became of it.
enum RequestPages {
  private typealias Service = ApprovalsV1.ApprovalsService

  static func add(to site: inout Site) {
    site.page("/requests/:id", "Request") { visit in
      let record = try await visit.request()
      let model = RequestPage(record, visit)
      var page = Page(
        "request", title: "\(visit.texts("request.title")) \(model.request.engineer.name)",
        area: visit.requestsArea, model)
      page.isLive = true
      return .page(page)
    }
    site.action("/requests/:id/question", "RequestAsk") { visit, form in
      let message = ApprovalsV1.AskQuestionRequest(
        requestID: visit.parameter("id"), text: form.text("text").unixLines.trimmed)
      return try await said(visit, "request_asked") {
        _ = try await visit.api.call(Service.askQuestion, message)
      }
    }
    site.action("/requests/:id/answer", "RequestAnswer") { visit, form in
      let message = ApprovalsV1.AnswerQuestionRequest(
        requestID: visit.parameter("id"), text: form.text("text").unixLines.trimmed)
      return try await said(visit, "request_answered") {
        _ = try await visit.api.call(Service.answerQuestion, message)
      }
    }
  }

  private static func said(
    _ visit: Visit, _ notice: String, _ call: () async throws -> Void
  ) async throws -> Reply {
    let id = visit.parameter("id")
    do {
      try await call()
      return .seeOther("/requests/\(id)", notice: notice)
    } catch {
      return try await visit.refused(error, on: id)
    }
  }
}
