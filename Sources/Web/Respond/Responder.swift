internal import Domain
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import RPC
internal import ServiceKit
internal import TLS

/// Finds the route of a request, lets its caller in or not, and answers.
struct Responder: Sendable {
  let routes: WebRoutes
  /// Nil: every route is open to anybody.
  let authorizer: Authorizer?
  let tls: TLSContext
  let limits: WebLimits
  let metrics: WebMetrics
  let streams: OpenStreams
  let clock: any WallClock
  let logger: Logger

  /// Ends a connection: its next bytes are the rest of a body that nobody wants, or its peer's
  /// certificate is good no more.
  private struct Ending: Error {}

  /// What a request is answered with.
  private enum Outcome {
    case whole(WebResponse)
    case stream(WebEvents, EventChannel)

    var status: Int {
      switch self {
      case .whole(let response): response.status
      case .stream: 200
      }
    }
  }

  func respond(
    to request: Request, _ writer: consuming HummingbirdCore.ResponseWriter, on channel: any Channel
  ) async throws {
    let began = ContinuousClock.now
    var name = "unknown"
    var trace: TraceContext?
    var outcome: Outcome
    var isUnread = false
    do {
      outcome = try await answer(request, channel, name: &name, trace: &trace)
    } catch let ending as Ending {
      throw ending
    } catch {
      let error = routes.rewording(told(error, name, trace))
      outcome = .whole(routes.telling(error, Self.fields(of: request)))
      isUnread = [413, 414, 431].contains(error.status)
    }
    metrics.answered(name, status: outcome.status, after: .now - began)
    logger.log(
      .debug, "request answered", .method(name), .trace(trace), .count("status", outcome.status))
    switch outcome {
    case .stream(let events, let channel):
      try await stream(events, through: channel, as: head(.events), writer)
    case .whole(let response):
      var head = head(response)
      if isUnread { head.headerFields[.connection] = "close" }
      let body =
        request.method == .head
        ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: response.body))
      try await writer.write(response: head, body: body)
      if isUnread { throw Ending() }
    }
  }

  private func head(_ response: WebResponse) -> HTTPResponse {
    var fields = HTTPFields(response.fields)
    for field in HTTPFields(routes.fields) where fields[field.name] == nil { fields.append(field) }
    fields[.date] = HTTPDate(clock.now()).description
    if response != .events { fields[.contentLength] = "\(response.body.count)" }
    fields[.xContentTypeOptions] = "nosniff"
    if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
    return HTTPResponse(status: .init(code: response.status), headerFields: fields)
  }

  private func answer(
    _ request: Request, _ channel: any Channel, name: inout String, trace: inout TraceContext?
  ) async throws -> Outcome {
    let path = request.head.path ?? ""
    guard path.utf8.count <= limits.targetBytes else { throw WebError.targetTooLong }
    guard let target = RequestTarget(path) else { throw WebError.malformed }
    let found: WebRoutes.Found
    switch routes.match(request.method.rawValue, target.segments) {
    case .none: throw WebError.notFound
    case .otherMethods(let allowed): throw WebError.methodNotAllowed(allowed)
    case .route(let fitting): found = fitting
    }
    let route = found.route
    name = route.name
    trace = request.headers[.traceparent].flatMap { TraceContext(traceparent: $0) }
    let peer = try await peer(on: channel)
    let caller = try await admit(request, to: route, peer, trace)
    // Not before the caller may: nothing is kept for strangers.
    let limit = route.bodyBytes ?? limits.bodyBytes
    let body = try await body(of: request, limit: limit)
    let asked = WebRequest(
      method: route.method, segments: target.segments, parameters: found.parameters,
      rest: found.rest,
      query: target.query,
      fields: Self.fields(of: request), body: body, address: channel.remoteAddress?.ipAddress,
      peer: peer, trace: trace, admitted: caller)
    guard let begin = route.events, request.method == .get else {
      return .whole(try await within(limits.answer) { try await route.handler(asked) })
    }
    let events = try await within(limits.answer) { try await begin(asked) }
    return .stream(events, try streams.open(for: events.owner))
  }

  private static func fields(of request: Request) -> [WebField] {
    request.headers.map { WebField($0.name.canonicalName, $0.value) }
  }

  private func admit(
    _ request: Request, to route: WebRoutes.Route, _ peer: PeerIdentity?, _ trace: TraceContext?
  ) async throws -> Caller? {
    if case .anybody = route.rule.callers { return nil }
    guard let authorizer else { throw RPCError.denied }
    var metadata = Metadata()
    for value in request.headers[values: .authorization] {
      metadata.add(value, for: "authorization")
    }
    return try await authorizer.admit(
      route.path, metadata: metadata, peer: peer, trace: trace)
  }

  private func body(of request: Request, limit: Int) async throws -> [UInt8] {
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
      throw WebError.bodyTooLarge(limit)
    }
    do {
      return Array(buffer: try await request.body.collect(upTo: limit))
    } catch is NIOTooManyBytesError {
      throw WebError.bodyTooLarge(limit)
    }
  }

  /// Who the connection's certificate says that it is, and still may say.
  private func peer(on channel: any Channel) async throws -> PeerIdentity? {
    guard tls.configuration.role != .server(.none) else { return nil }
    let (peer, certificates) = try await channel.eventLoop.submit {
      let connection = try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self)
      return (connection.peer, connection.certificates)
    }.get()
    if let certificates, tls.isDue(certificates), tls.review(certificates) != nil {
      metrics.connectionEnded(by: "certificate")
      throw Ending()
    }
    return peer
  }

  /// A handler that takes longer is cancelled.
  private func within<T: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    try await withThrowingTaskGroup(of: T.self) { group in
      group.addTask(operation: body)
      group.addTask {
        try await Task.sleep(for: limit)
        throw WebError.tooSlow
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }

  /// What the caller is told of an error; what is our fault is told to the log.
  private func told(_ error: any Error, _ name: String, _ trace: TraceContext?) -> WebError {
    if let error = error as? WebError { return error }
    return WebError(ErrorMapper(logger: logger).map(error, path: name, trace: trace))
  }
}

extension HTTPField.Name {
  fileprivate static let traceparent = HTTPField.Name("traceparent")!
}
