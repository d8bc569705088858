internal import Domain
internal import DomainProto
internal import LockboxProto
internal import Web

/// The view model of `requests.mustache`.
struct RequestsPage: Sendable {
  struct Filter: Sendable {
    let path: String
    let text: String
    let isHere: Bool
  }

  let filters: [Filter]
  let showsWaiting: Bool
  /// Nearest deadline first.
  let waiting: [RequestRow]
  let waitingCount: String
  let moreWaitingPath: String?
  let showsOthers: Bool
  let others: [RequestRow]
  let nextPath: String?
  let firstPath: String?

  init(
    waiting: ApprovalsV1.ListAccessRequestsResponse,
    others: ApprovalsV1.ListAccessRequestsResponse, _ query: RequestsQuery, _ visit: Visit
  ) {
    filters = RequestsQuery.Show.allCases.map { show in
      Filter(
        path: Self.path(show), text: visit.texts("requests.show.\(show.rawValue)"),
        isHere: show == query.show)
    }
    showsWaiting = query.show == .waiting || query.show == .all && query.pageToken.isEmpty
    self.waiting = waiting.accessRequests.sorted(by: Self.isMoreUrgent)
      .prefix(RequestsPages.shownWaiting).map { RequestRow($0, visit) }
    let count = waiting.accessRequests.count
    waitingCount =
      waiting.nextPageToken.isEmpty
      ? visit.texts.count("requests.waiting", count)
      : visit.texts("requests.waiting.more", ["count": "\(count)"])
    let isAll = waiting.nextPageToken.isEmpty && count <= RequestsPages.shownWaiting
    moreWaitingPath =
      isAll ? nil : Self.path(.waiting, query.show == .waiting ? waiting.nextPageToken : "")
    showsOthers = !query.show.otherStates.isEmpty
    self.others = others.accessRequests.map { RequestRow($0, visit) }
    nextPath =
      others.nextPageToken.isEmpty ? nil : Self.path(query.show, others.nextPageToken)
    firstPath = query.pageToken.isEmpty ? nil : Self.path(query.show)
  }

  private static func path(_ show: RequestsQuery.Show, _ page: String = "") -> String {
    var fields: [WebField] = []
    if show != .all { fields.append(WebField("show", show.rawValue)) }
    if !page.isEmpty { fields.append(WebField("page", page)) }
    return fields.isEmpty ? "/requests" : "/requests?" + FormText.text(fields)
  }

  /// The customer's own stage before the provider's, then by deadline.
  private static func isMoreUrgent(
    _ left: ApprovalsV1.AccessRequestRecord, _ right: ApprovalsV1.AccessRequestRecord
  ) -> Bool {
    let isOurs = (left.state == .awaitingCustomer, right.state == .awaitingCustomer)
    guard isOurs.0 == isOurs.1 else { return isOurs.0 }
    return Timestamp(left.deadline) ?? .distantFuture < Timestamp(right.deadline) ?? .distantFuture
  }
}

/// One request in a list; `request-row.mustache`.
struct RequestRow: Sendable {
  let path: String
  /// The beginning of the justification.
  let justification: String
  let engineer: String
  let tenant: String
  let workload: String
  let ticket: String?
  let reason: String
  let scope: String
  let isBreakGlass: Bool
  let state: StateMark
  let received: Moment?
  let timeLeft: TimeLeft?

  private static let longestJustification = 240

  init(_ record: ApprovalsV1.AccessRequestRecord, _ visit: Visit) {
    let request = record.accessRequest ?? .init()
    path = "/requests/\(FormText.encode(request.requestID))"
    let text = request.justification
    justification =
      text.count > Self.longestJustification
      ? String(text.prefix(Self.longestJustification)) + "…" : text
    engineer = request.engineer.map(PersonWords.name) ?? ""
    tenant = request.tenantID
    workload = request.workload
    ticket = request.ticket.isEmpty ? nil : request.ticket
    reason = visit.texts("reason_code.\(request.reasonCode.key)")
    let scope = (record.terms?.scope ?? request.scope) ?? .init()
    self.scope =
      scope.actions.map { visit.texts("action.\($0.key)") }.joined(separator: ", ") + ": "
      + (scope.resources.first ?? "")
      + (scope.resources.count > 1 ? " +\(scope.resources.count - 1)" : "")
    isBreakGlass = request.breakGlass
    state = StateMark(record.state, visit.reading)
    received = Timestamp(request.receiveTime).map(visit.moment)
    timeLeft = TimeLeft(record, visit.reading)
  }
}
