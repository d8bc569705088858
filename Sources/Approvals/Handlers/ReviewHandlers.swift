internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// `lockbox.approvals.v1.ApprovalsService.CloseReview`.
struct ReviewHandlers: Sendable {
  let desk: Desk

  func add(to router: inout Router) {
    router.unary(ApprovalsV1.ApprovalsService.closeReview, close)
  }

  private func close(
    _ request: ApprovalsV1.CloseReviewRequest, _ context: ServerContext
  ) async throws -> ApprovalsV1.CloseReviewResponse {
    let caller = try context.caller()
    let person = try caller.person().decider
    var violations = Violations()
    let verdict = violations.unwrap(
      ReviewVerdict(rawValue: request.verdict.rawValue), "verdict", "must be ACCEPTED or DISPUTED")
    violations.text(request.comment, "comment", length: Limits.commentLength, lines: true)
    violations.require(
      verdict != .disputed || !request.comment.isEmpty, "comment", "must say what is disputed")
    try violations.check()
    guard let verdict else { preconditionFailure("checked above") }
    let stored = try await desk.change(RequestID(request.requestID), by: caller, in: context) {
      _, _ in .closeReview(verdict, by: person, comment: request.comment)
    }
    return .init(accessRequest: try .init(stored, at: desk.now))
  }
}
