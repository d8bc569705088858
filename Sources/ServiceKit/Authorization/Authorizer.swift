internal import Domain
public import Logging
public import RPC
public import TLS

/// Lets in whom the table names, and hands on who it is. Everybody else learns that they may not,
/// never why; the log learns why.
public struct Authorizer: ServerInterceptor {
  private let rows: [String: AuthorizationRow]
  private let trustDomain: String
  private let authenticator: Authenticator
  private let logger: Logger

  /// - Parameter paths: What the listener's router serves; each must have its row.
  public init(
    service: ServiceName, listener: ListenerKind, serving paths: [String], trustDomain: String,
    authenticator: Authenticator, logger: Logger
  ) throws(StartError) {
    rows = try AuthorizationTable.rows(of: service, on: listener, serving: paths)
    self.trustDomain = trustDomain
    self.authenticator = authenticator
    self.logger = logger
  }

  public nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    var context = context
    context[CallerKey.self] = try authorize(
      context.path, metadata: context.metadata, peer: context.peer,
      trace: context[TraceContextKey.self])
    try await next(context)
  }

  /// Who calls a method here, if they may.
  ///
  /// - Parameter trace: For the log.
  /// - Returns: `nil` where the method is open to anybody.
  public func authorize(
    _ path: String, metadata: Metadata, peer: PeerIdentity?, trace: TraceContext? = nil
  ) throws(RPCError) -> Caller? {
    guard let row = rows[path] else { throw RPCError(.unimplemented, "no such method") }
    switch row.callers {
    case .anybody: return nil
    case .people(let roles): return try person(path, roles, row, metadata, trace)
    case .services(let services): return try service(path, services, row, peer, trace)
    }
  }

  private func person(
    _ path: String, _ allowed: Set<Role>, _ row: AuthorizationRow, _ metadata: Metadata,
    _ trace: TraceContext?
  ) throws(RPCError) -> Caller {
    let person: VerifiedPerson
    do {
      let headers = metadata.all("authorization")
      guard headers.count <= 1 else { throw TokenRefusal.malformed }
      person = try authenticator.authenticate(authorization: headers.first)
    } catch {
      logger.log(.info, "call refused", .method(path), .trace(trace), .error(error))
      throw .unauthenticated
    }
    let roles = person.roles.intersection(allowed)
    guard !roles.isEmpty else {
      logger.log(
        .info, "call refused", .method(path), .trace(trace), .reason("ROLE_MISSING"),
        .subject(person.subject), .issuer(person.subject.issuer))
      throw .denied
    }
    return Caller(principal: .person(person), roles: roles, tenants: row.tenants)
  }

  private func service(
    _ path: String, _ allowed: Set<ServiceName>, _ row: AuthorizationRow, _ peer: PeerIdentity?,
    _ trace: TraceContext?
  ) throws(RPCError) -> Caller {
    guard let id = peer?.spiffeID else {
      logger.log(
        .info, "call refused", .method(path), .trace(trace), .reason("SPIFFE_ID_MISSING"))
      throw .denied
    }
    let subject = Subject(issuer: trustDomain, id: id)
    guard let name = ServiceName(spiffeID: id, in: trustDomain), allowed.contains(name) else {
      logger.log(
        .info, "call refused", .method(path), .trace(trace), .reason("SERVICE_NOT_ALLOWED"),
        .subject(subject))
      throw .denied
    }
    return Caller(principal: .service(name, subject), roles: [], tenants: row.tenants)
  }
}
