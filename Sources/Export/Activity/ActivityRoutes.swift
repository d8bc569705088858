internal import ServiceKit
internal import Web

/// Where the operations are over HTTPS, and who may call them.
extension ActivityFeed {
  private typealias Operation = @Sendable (ActivityRequest) async throws -> ActivityAnswer

  /// What service tokens' scopes name, with the operation behind it.
  static let serviceName = "lockbox.export.v1.ActivityFeed"

  func add(to routes: inout WebRoutes) {
    routes.rewording = Self.reword
    let root = "/api/v1.0/:tenant/activity/feed"
    let operations: [(WebRequest.Method, String, String, Operation)] = [
      (.post, "subscriptions/start", "StartSubscription", start),
      (.post, "subscriptions/stop", "StopSubscription", stop),
      (.get, "subscriptions/list", "ListSubscriptions", list),
      (.get, "subscriptions/content", "ListAvailableContent", content),
      (.get, "subscriptions/notifications", "ListNotifications", notifications),
      (.get, "resources/dlpSensitiveTypes", "ListDlpSensitiveTypes", { try sensitiveTypes($0) }),
    ]
    for (method, path, name, operation) in operations {
      add(method, "\(root)/\(path)", name, to: &routes) { request, _ in
        try await operation(request)
      }
    }
    // The API's own documents write it in both ways.
    for path in ["audit", "Audit"] {
      add(.get, "\(root)/\(path)/:content", "GetContent", to: &routes) { request, web in
        try await audit(request, web.parameters["content"] ?? "")
      }
    }
  }

  private func add(
    _ method: WebRequest.Method, _ path: String, _ name: String, to routes: inout WebRoutes,
    _ operation: @escaping @Sendable (ActivityRequest, WebRequest) async throws -> ActivityAnswer
  ) {
    routes.add(
      method, path, name: "\(Self.serviceName)/\(name)", callers: .people([.auditor, .admin]),
      tenants: .log, automation: true
    ) { web in
      do {
        let request = ActivityRequest(
          tenant: web.parameters["tenant"] ?? "", caller: try web.caller(),
          query: web.query.map { ($0.name, $0.value) }, body: web.body,
          acceptLanguage: web.field("accept-language"))
        return WebResponse(try await operation(request, web))
      } catch let error as ActivityError {
        throw WebError(error)
      }
    }
  }

  /// What the listener refuses before any operation, in the API's words.
  private static func reword(_ error: WebError) -> WebError {
    var error = error
    switch error.status {
    case 401, 403:
      error.code = ActivityError.permissionMissing.code
      error.message = ActivityError.permissionMissing.message
    case 500..<600:
      error.code = ActivityError.internal.code
      error.message = ActivityError.internal.message
    default: break
    }
    return error
  }
}

extension WebResponse {
  fileprivate init(_ answer: ActivityAnswer) {
    self = answer.json.map { .json($0.text) } ?? WebResponse(200)
    if let next = answer.nextPage { fields.append(WebField("NextPageUri", next)) }
  }
}

extension WebError {
  fileprivate init(_ error: ActivityError) {
    self.init(error.status, error.code, error.message)
    if case .tooManyRequests(_, _, let delay) = error {
      fields.append(WebField("retry-after", "\(max(1, delay.components.seconds))"))
    }
  }
}
