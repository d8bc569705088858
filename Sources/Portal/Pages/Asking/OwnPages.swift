internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Web

/// An engineer's own requests, and those that wait for a manager.
enum OwnPages {
  private typealias Service = ApprovalsV1.ApprovalsService

  /// The view model of `own.mustache`.
  struct Model: Sendable {
    let mayAsk: Bool
    let rows: [RequestRow]
    let empty: String
    let firstPath: String?
    let nextPath: String?
  }

  static func add(to site: inout Site) {
    site.page("/own", "Own") { try await own($0) }
    site.page("/queue", "Queue") { try await queue($0) }
  }

  private static func own(_ visit: Visit) async throws -> Reply {
    let token = visit.request.query("page") ?? ""
    async let opened = visit.api.call(
      Service.listAccessRequests, .init(pageSize: 50, pageToken: token))
    async let received = received(visit, isFirst: token.isEmpty)
    let answer = try await opened
    let known = Set(answer.accessRequests.map { $0.accessRequest?.requestID })
    let waiting = try await received.accessRequests.map {
      ApprovalsV1.AccessRequestRecord($0)
    }.filter { !known.contains($0.accessRequest?.requestID) }
    let subject = visit.person.subject
    // Whoever is a manager too sees everybody's.
    let own = (waiting + answer.accessRequests).filter {
      $0.accessRequest?.engineer?.issuer == subject.issuer
        && $0.accessRequest?.engineer?.id == subject.id
    }
    return page("own", .own, own, token, answer.nextPageToken, visit)
  }

  /// Accepted, and not opened yet.
  private static func received(
    _ visit: Visit, isFirst: Bool
  ) async throws(RPCError) -> IntakeV1.ListAccessRequestsResponse {
    guard isFirst else { return .init() }
    return try await visit.api.call(
      IntakeV1.IntakeService.listAccessRequests, .init(pageSize: 50, states: [.received]))
  }

  private static func queue(_ visit: Visit) async throws -> Reply {
    let token = visit.request.query("page") ?? ""
    let answer = try await visit.api.call(
      Service.listAccessRequests,
      .init(pageSize: 100, pageToken: token, states: [.awaitingProvider]))
    let urgent = answer.accessRequests.sorted {
      (Timestamp($0.deadline) ?? .distantFuture) < (Timestamp($1.deadline) ?? .distantFuture)
    }
    return page("queue", .queue, urgent, token, answer.nextPageToken, visit)
  }

  private static func page(
    _ word: String, _ area: Area, _ records: [ApprovalsV1.AccessRequestRecord], _ token: String,
    _ next: String, _ visit: Visit
  ) -> Reply {
    let model = Model(
      mayAsk: area == .own, rows: records.map { RequestRow($0, visit) },
      empty: visit.texts("\(word).empty"), firstPath: token.isEmpty ? nil : area.path,
      nextPath: next.isEmpty
        ? nil : area.path + "?" + FormText.text([WebField("page", next)]))
    var page = Page("own", title: visit.texts("\(word).title"), area: area, model)
    page.isLive = token.isEmpty
    return .page(page)
  }
}
