public import Logging
public import ServiceKit

/// What a listener answers, and whom. A route cannot be added without a rule for its callers.
public struct WebRoutes: Sendable {
  public typealias Handler = @Sendable (WebRequest) async throws -> WebResponse
  /// Begins a stream of events.
  public typealias EventsHandler = @Sendable (WebRequest) async throws -> WebEvents

  struct Route: Sendable {
    let method: WebRequest.Method
    let pattern: RoutePattern
    /// `package.Service/Method`
    let name: String
    let rule: Rule
    let bodyBytes: Int?
    let handler: Handler
    /// Instead of the handler, for a GET.
    var events: EventsHandler?

    var path: String { "/" + name }
  }

  struct Rule: Sendable, Hashable {
    let callers: AuthorizationRow.Callers
    let tenants: TenantRule
    let allowsAutomation: Bool
  }

  private(set) var all: [Route] = []
  /// How these routes word what the listener refuses: an API that others have defined has codes of
  /// its own.
  public var rewording: @Sendable (WebError) -> WebError = { $0 }
  /// How callers are told of what the listener refuses; of JSON where nothing else is said. Gets the
  /// fields of the request, as far as it could be read.
  public var telling: @Sendable (WebError, [WebField]) -> WebResponse = { error, _ in
    WebResponse(error)
  }
  /// Stand in every answer that does not say them itself, those of errors too.
  public var fields: [WebField] = []

  public init() {}

  /// Adds a route; of two that fit a path, the one that was added first is taken.
  ///
  /// - Parameters:
  ///   - pattern: words, `:name` for any one segment, and at the end `*` for one or more.
  ///   - name: `package.Service/Method`: what a service token's scope, logs and metrics say.
  ///     Several routes may share one, with the same rule.
  ///   - callers: who may call; services by their client certificate.
  ///   - tenants: whose data the caller may touch: see `Caller`.
  ///   - automation: whether service tokens may call it, where their scope names it.
  ///   - bodyBytes: the largest body, where it is not the listener's.
  public mutating func add(
    _ method: WebRequest.Method, _ pattern: String, name: String,
    callers: AuthorizationRow.Callers, tenants: TenantRule = .none, automation: Bool = false,
    bodyBytes: Int? = nil, _ handler: @escaping Handler
  ) {
    add(
      Route(
        method: method, pattern: RoutePattern(pattern), name: name,
        rule: Rule(callers: callers, tenants: tenants, allowsAutomation: automation),
        bodyBytes: bodyBytes, handler: handler))
  }

  /// Adds a GET that is answered with events; what the handler throws is told as usual.
  public mutating func addEvents(
    _ pattern: String, name: String, callers: AuthorizationRow.Callers,
    tenants: TenantRule = .none, _ handler: @escaping EventsHandler
  ) {
    add(
      Route(
        method: .get, pattern: RoutePattern(pattern), name: name,
        rule: Rule(callers: callers, tenants: tenants, allowsAutomation: false), bodyBytes: 0,
        handler: { _ in .events }, events: handler))
  }

  private mutating func add(_ route: Route) {
    precondition(
      all.allSatisfy { $0.name != route.name || $0.rule == route.rule },
      "\(route.name) has two rules")
    all.append(route)
  }

  /// Applies the rules of the routes: people show bearer tokens, services a certificate.
  ///
  /// - Parameter trustDomain: of the services.
  public func authorizer(
    of service: ServiceName, trustDomain: String, authenticator: Authenticator, logger: Logger
  ) -> Authorizer {
    let rows = all.map { route in
      AuthorizationRow(
        service: service, path: route.path, listeners: [.people], callers: route.rule.callers,
        tenants: route.rule.tenants, allowsAutomation: route.rule.allowsAutomation,
        isStream: false)
    }
    return Authorizer(
      rows: Dictionary(rows.map { ($0.path, $0) }) { first, _ in first }, listener: .people,
      trustDomain: trustDomain, authenticator: authenticator, logger: logger)
  }

  /// A route that fits a path, with what stands at its open places.
  struct Found {
    let route: Route
    let parameters: [String: String]
    let rest: ArraySlice<String>
  }

  /// What fits a request.
  enum Match {
    case route(Found)
    case otherMethods([String])
    case none
  }

  func match(_ method: String, _ path: [String]) -> Match {
    let wanted = method == "HEAD" ? WebRequest.Method.get : WebRequest.Method(rawValue: method)
    var allowed: [String] = []
    for route in all {
      guard let found = route.pattern.match(path) else { continue }
      guard route.method == wanted else {
        allowed += route.method == .get ? ["GET", "HEAD"] : [route.method.rawValue]
        continue
      }
      return .route(Found(route: route, parameters: found.parameters, rest: found.rest))
    }
    return allowed.isEmpty ? .none : .otherMethods(Set(allowed).sorted())
  }
}
