internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Storage

/// `lockbox.expiry.v1.ExpiryService`.
struct ExpiryHandlers: Sendable {
  let store: any ExpiryStore
  let clock: any WallClock
  let loop: FiringLoop

  func add(to router: inout Router) {
    router.unary(ExpiryV1.ExpiryService.listDeadlines, list)
    router.unary(ExpiryV1.ExpiryService.getExpiryStatus, status)
  }

  private func list(
    _ request: ExpiryV1.ListDeadlinesRequest, _ context: ServerContext
  ) async throws -> ExpiryV1.ListDeadlinesResponse {
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken, query: ["deadlines"])
    let position = try page.after.map { key in
      guard let position = Deadline.Position(pageKey: key) else {
        throw PageToken.Failure.malformed
      }
      return position
    }
    let deadlines = try await store.read {
      try $0.deadlines(after: position, limit: page.size + 1)
    }
    let (elements, next) = page.cut(deadlines) { $0.position.pageKey }
    return .init(deadlines: elements.map { .init($0) }, nextPageToken: next)
  }

  private func status(
    _ request: ExpiryV1.GetExpiryStatusRequest, _ context: ServerContext
  ) async throws -> ExpiryV1.GetExpiryStatusResponse {
    let now = clock.now()
    let lateness = loop.lastLateness
    return try await store.read { store in
      .init(
        pending: UInt64(try store.count(dueBy: .distantFuture)), fired: UInt64(try store.fired()),
        overdue: UInt64(try store.count(dueBy: now)),
        nextDeadline: try store.deadlines(after: nil, limit: 1).first.map { .init($0.due) },
        approvalsCursor: try store.cursor(of: ServiceName.approvals.rawValue),
        lastLateness: lateness.map { .init($0) })
    }
  }
}

extension Deadline.Position {
  fileprivate var pageKey: [UInt8] { Array("\(due.nanoseconds) \(request)".utf8) }

  fileprivate init?(pageKey: [UInt8]) {
    let parts = String(decoding: pageKey, as: UTF8.self).split(separator: " ")
    guard parts.count == 2, let due = Int64(parts[0]), let request = RequestID(String(parts[1]))
    else { return nil }
    self.init(due: Timestamp(nanoseconds: due), request: request)
  }
}

extension ExpiryV1.Deadline {
  fileprivate init(_ deadline: Deadline) {
    self.init(
      tenantID: deadline.tenant.text, requestID: deadline.request.description,
      deadline: .init(deadline.due))
    switch deadline.kind {
    case .stage(let index):
      kind = .stage
      stage = UInt32(index)
    case .grant(let id):
      kind = .grant
      grantID = id.description
    }
  }
}
