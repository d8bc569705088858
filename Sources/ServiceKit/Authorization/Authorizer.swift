internal import Domain
public import Logging
public import RPC
public import TLS

/// Lets in whom the table names, and hands on who it is. Everybody else learns that they may not,
/// never why; the log learns why.
public struct Authorizer: ServerInterceptor {
  private let rows: [String: AuthorizationRow]
  private let listener: ListenerKind
  private let trustDomain: String
  private let authenticator: Authenticator
  private let logger: Logger

  /// - Parameter paths: What the listener's router serves; each must have its row.
  public init(
    service: ServiceName, listener: ListenerKind, serving paths: [String], trustDomain: String,
    authenticator: Authenticator, logger: Logger
  ) throws(StartError) {
    self.init(
      rows: try AuthorizationTable.rows(of: service, on: listener, serving: paths),
      listener: listener, trustDomain: trustDomain, authenticator: authenticator, logger: logger)
  }

  /// - Parameter rows: By path.
  public init(
    rows: [String: AuthorizationRow], listener: ListenerKind, trustDomain: String,
    authenticator: Authenticator, logger: Logger
  ) {
    self.rows = rows
    self.listener = listener
    self.trustDomain = trustDomain
    self.authenticator = authenticator
    self.logger = logger
  }

  public nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    var context = context
    context[CallerKey.self] = try await admit(
      context.path, metadata: context.metadata, peer: context.peer,
      trace: context[TraceContextKey.self])
    try await next(context)
  }

  /// As `authorize`, but where a person's token names a key that is not known, its issuer is asked
  /// for it once.
  public func admit(
    _ path: String, metadata: Metadata, peer: PeerIdentity?, trace: TraceContext?
  ) async throws(RPCError) -> Caller? {
    do throws(Refused) {
      return try attempt(path, metadata, peer, trace)
    } catch {
      guard case .token(let refusal) = error, refusal.isForKeys,
        let authorization = metadata["authorization"],
        await authenticator.learnKey(of: authorization)
      else { throw told(error, path, trace) }
    }
    return try authorize(path, metadata: metadata, peer: peer, trace: trace)
  }

  /// Who calls a method here, if they may.
  ///
  /// - Parameter trace: For the log.
  /// - Returns: `nil` where the method is open to anybody.
  public func authorize(
    _ path: String, metadata: Metadata, peer: PeerIdentity?, trace: TraceContext? = nil
  ) throws(RPCError) -> Caller? {
    do throws(Refused) {
      return try attempt(path, metadata, peer, trace)
    } catch {
      throw told(error, path, trace)
    }
  }

  /// Why somebody is not let in.
  private enum Refused: Error {
    /// Nobody vouches for the caller.
    case token(TokenRefusal)
    case call(RPCError)
  }

  private func told(_ refused: Refused, _ path: String, _ trace: TraceContext?) -> RPCError {
    switch refused {
    case .call(let error): return error
    case .token(let refusal):
      logger.log(.info, "call refused", .method(path), .trace(trace), .error(refusal))
      return .unauthenticated
    }
  }

  private func attempt(
    _ path: String, _ metadata: Metadata, _ peer: PeerIdentity?, _ trace: TraceContext?
  ) throws(Refused) -> Caller? {
    guard let row = rows[path] else { throw .call(RPCError(.unimplemented, "no such method")) }
    switch row.callers {
    case .anybody: return nil
    case .people(let roles): return try person(path, roles, row, metadata, trace)
    case .services(let services): return try service(path, services, row, peer, trace)
    case .either(let roles, let services):
      switch listener {
      case .people: return try person(path, roles, row, metadata, trace)
      case .service: return try service(path, services, row, peer, trace)
      }
    }
  }

  private func person(
    _ path: String, _ allowed: Set<Role>, _ row: AuthorizationRow, _ metadata: Metadata,
    _ trace: TraceContext?
  ) throws(Refused) -> Caller {
    let person: VerifiedPerson
    do throws(TokenRefusal) {
      let headers = metadata.all("authorization")
      guard headers.count <= 1 else { throw TokenRefusal.malformed }
      person = try authenticator.authenticate(authorization: headers.first)
    } catch {
      throw .token(error)
    }
    let roles = person.roles.intersection(allowed)
    guard !roles.isEmpty else {
      logger.log(
        .info, "call refused", .method(path), .trace(trace), .reason("ROLE_MISSING"),
        .subject(person.subject), .issuer(person.subject.issuer))
      throw .call(.denied)
    }
    if let scope = person.scope {
      guard row.allowsAutomation, scope.contains(String(path.dropFirst())) else {
        logger.log(
          .info, "call refused", .method(path), .trace(trace), .reason("SCOPE_MISSING"),
          .subject(person.subject), .issuer(person.subject.issuer))
        throw .call(.denied)
      }
    }
    return Caller(principal: .person(person), roles: roles, tenants: row.tenants)
  }

  private func service(
    _ path: String, _ allowed: Set<ServiceName>, _ row: AuthorizationRow, _ peer: PeerIdentity?,
    _ trace: TraceContext?
  ) throws(Refused) -> Caller {
    guard let id = peer?.spiffeID else {
      logger.log(
        .info, "call refused", .method(path), .trace(trace), .reason("SPIFFE_ID_MISSING"))
      throw .call(.denied)
    }
    let subject = Subject(issuer: trustDomain, id: id)
    guard let name = ServiceName(spiffeID: id, in: trustDomain), allowed.contains(name) else {
      logger.log(
        .info, "call refused", .method(path), .trace(trace), .reason("SERVICE_NOT_ALLOWED"),
        .subject(subject))
      throw .call(.denied)
    }
    return Caller(principal: .service(name, subject), roles: [], tenants: row.tenants)
  }
}
