internal import LockboxProto
internal import RPC
internal import Web

/// The requests of a tenant: those that wait first.
enum RequestsPages {
  static func add(to site: inout Site) {
    site.page("/requests", "Requests") { visit in
      let query = RequestsQuery(visit.request)
      async let waiting = waiting(visit, query)
      async let others = others(visit, query)
      let model = RequestsPage(
        waiting: try await waiting, others: try await others, query, visit)
      var page = Page(
        "requests", title: visit.texts("requests.title"), area: .requests, model)
      page.isLive = query.pageToken.isEmpty
      return .page(page)
    }
  }

  private typealias Service = ApprovalsV1.ApprovalsService

  /// How many that wait are looked at, for the nearest deadlines, and how many of them are shown.
  static let mostWaiting: UInt32 = 200
  static let shownWaiting = 50

  /// Those that somebody must act on: on the first page, or alone page by page. The API lists the
  /// newest first, which have the most time: so more are asked for than are shown.
  private static func waiting(
    _ visit: Visit, _ query: RequestsQuery
  ) async throws(RPCError) -> ApprovalsV1.ListAccessRequestsResponse {
    guard query.show == .waiting || query.show == .all && query.pageToken.isEmpty else {
      return .init()
    }
    return try await visit.api.call(
      Service.listAccessRequests,
      .init(
        pageSize: query.show == .all ? mostWaiting : UInt32(shownWaiting),
        pageToken: query.pageToken, states: [.awaitingCustomer, .awaitingProvider]))
  }

  private static func others(
    _ visit: Visit, _ query: RequestsQuery
  ) async throws(RPCError) -> ApprovalsV1.ListAccessRequestsResponse {
    guard !query.show.otherStates.isEmpty else { return .init() }
    return try await visit.api.call(
      Service.listAccessRequests,
      .init(pageSize: 25, pageToken: query.pageToken, states: query.show.otherStates))
  }
}

/// What the list is asked for.
struct RequestsQuery: Sendable, Hashable {
  /// Which requests are shown.
  enum Show: String, Sendable, CaseIterable {
    case all, waiting, live, closed

    /// Of the list below those that wait.
    var otherStates: [CommonV1.AccessRequestState] {
      switch self {
      case .all: [.approved] + Self.closedStates
      case .waiting: []
      case .live: [.approved]
      case .closed: Self.closedStates
      }
    }

    private static let closedStates: [CommonV1.AccessRequestState] = [
      .denied, .expired, .withdrawn, .revoked, .ended,
    ]
  }

  let show: Show
  let pageToken: String

  init(_ request: WebRequest) {
    show = request.query("show").flatMap { Show(rawValue: $0) } ?? .all
    pageToken = request.query("page") ?? ""
  }
}
