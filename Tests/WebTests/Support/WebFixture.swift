internal import Domain
internal import Logging
internal import RPC
internal import ServiceKit
internal import TLS
internal import TestKit
internal import Web

/// A listener with routes for every kind of caller, on loopback.
struct WebFixture {
  let installation: TestInstallation
  let listener: HTTPSListener
  let address: Address
  /// Opens the gate of `GET /wait`.
  let gate = AsyncStream.makeStream(of: Void.self)
  /// Tells that somebody waits there.
  let waiting = AsyncStream.makeStream(of: Void.self)

  /// - Parameter now: what TLS takes for the time, in seconds since 1970; nil: the machine's.
  init(
    _ change: (inout WebLimits) -> Void = { _ in }, now: (@Sendable () -> Int64)? = nil
  ) async throws {
    let installation = try await TestInstallation()
    self.installation = installation
    let (configuration, _) = try installation.configuration(
      of: .audit, section: NoSettings.self)
    let logger = installation.log.logger()
    let issuers = try await IssuerDirectory.load(
      configuration.issuers, environment: .development, clock: installation.clock, logger: logger)
    let files = installation.pki.files("web", uri: nil)
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: files.certificate, keyFile: files.key),
      clientCertificates: .optional, trustRootsFile: installation.pki.authorities)
    tls.speaksHTTP()
    var limits = WebLimits()
    change(&limits)
    let routes = Self.routes(gate.stream, waiting.continuation)
    listener = HTTPSListener(
      routes, on: Address(host: "127.0.0.1", port: 0), addressKey: "https_listener.address",
      tls: try TLSContext(tls, now: now),
      authorizer: routes.authorizer(
        of: .audit, trustDomain: TestPKI.trustDomain,
        authenticator: Authenticator(issuers: issuers, clock: installation.clock), logger: logger),
      limits: limits, clock: installation.clock, logger: logger)
    address = try await listener.start()
  }

  private static func routes(
    _ gate: AsyncStream<Void>, _ waiting: AsyncStream<Void>.Continuation
  ) -> WebRoutes {
    var routes = WebRoutes()
    routes.add(.get, "/hello/:name", name: "test.Web/Hello", callers: .anybody) { request in
      .text("hello \(request.parameters["name"] ?? "")\(request.query("end") ?? "")")
    }
    routes.add(.post, "/echo", name: "test.Web/Echo", callers: .anybody, bodyBytes: 1_000) {
      WebResponse(type: "application/octet-stream", body: $0.body)
    }
    routes.add(
      .get, "/people/*", name: "test.Web/People", callers: .people([.auditor]), tenants: .log,
      automation: true
    ) { request in
      let caller = try request.caller()
      return .text("\(caller.subject.id) \(request.rest.joined(separator: "|"))")
    }
    routes.add(.get, "/services", name: "test.Web/Services", callers: .services([.approvals])) {
      .text("\(try $0.caller().subject.id) \($0.peer?.uriNames ?? [])")
    }
    routes.add(.get, "/fail/:how", name: "test.Web/Fail", callers: .anybody) { request in
      switch request.parameters["how"] {
      case "web": throw WebError(429, "AF429", "slow \"down\"")
      case "missing": throw RPCError.notFound("log")
      case "later": throw RPCError.unavailable("not now", reason: "LATER")
      case "field": throw Violation(field: "size", problem: "is odd")
      default: throw CheckFailed(secret: "hunter2")
      }
    }
    routes.add(.get, "/wait", name: "test.Web/Wait", callers: .anybody) { _ in
      waiting.yield()
      for await _ in gate { break }
      return .text("waited")
    }
    routes.addEvents("/events/:count", name: "test.Web/Events", callers: .anybody) { request in
      let count = request.parameters["count"].flatMap { Int($0) }
      return WebEvents(owner: Array((request.query("owner") ?? "").utf8)) { writer in
        for number in 0..<(count ?? 0) {
          try await writer.send(WebEvent("count", data: "\(number)"))
        }
        if count == nil { try await Task.sleep(for: .seconds(3_600)) }
      }
    }
    routes.add(.get, "/large", name: "test.Web/Large", callers: .anybody) { _ in
      WebResponse(
        type: "application/octet-stream", body: [UInt8](repeating: 0x61, count: 32 << 20))
    }
    return routes
  }

  func caller(
    identity: (certificate: String, key: String)? = nil, protocols: [String] = ["http/1.1"]
  ) async throws -> HTTPSCaller {
    try await HTTPSCaller(address, installation.pki, identity: identity, protocols: protocols)
  }

  /// The value of an `authorization` field.
  func bearer(_ issuer: TestIssuer, _ subject: String, _ role: Role) -> String {
    let token = issuer.token(subject: subject, roles: [role.rawValue], at: installation.clock.now())
    return "Bearer \(token)"
  }

  var metrics: String {
    var text = MetricsText()
    listener.collect(&text)
    return text.text
  }

  func stop() async throws {
    gate.continuation.finish()
    listener.shutdown()
    try await listener.run()
  }
}

/// What a handler of ours should not let out.
struct CheckFailed: Error {
  let secret: String
}
