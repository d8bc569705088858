internal import NIOPosix
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TLS
internal import TestKit
internal import Testing

extension Scenarios {
  /// Every method of every service × everybody × both doors, at the real services. What must come
  /// is derived from `WhoMayCall`, which is written by hand; the methods come from what is served.
  // Break: ServiceKit/Authorization/AuthorizationTable.swift: add a role or a service to any row;
  // Authorizer.swift: count what is not the caller's.
  @Suite("The authorization matrix")
  struct MatrixTests {
    enum Outcome: Hashable {
      /// The message was looked at, and is none.
      case admitted
      case unauthenticated
      case denied
      case unimplemented
      case noConnection
      case other(String)

      init(_ result: Result<Metadata, RPCError>) {
        switch result {
        case .success: self = .other("an answer to what is no message")
        case .failure(let error):
          switch error.code {
          case .invalidArgument: self = .admitted
          case .unimplemented: self = .unimplemented
          case .unavailable: self = .noConnection
          // Never why: the same words for everybody.
          case .unauthenticated where error == .unauthenticated: self = .unauthenticated
          case .permissionDenied where error == .denied: self = .denied
          default: self = .other("\(error) \(error.details)")
          }
        }
      }
    }

    /// One door of one service.
    struct Door: Hashable, Sendable {
      let service: ServiceName
      let listener: ListenerKind

      static let all = ServiceName.allCases.flatMap { service in
        ListenerKind.allCases.map { Door(service: service, listener: $0) }
      }
    }

    /// The first field, longer than the message: no message of any method. So nothing is ever done,
    /// and whoever is refused is refused before their message is looked at.
    static let noMessage: [UInt8] = [0x0A, 5, 0x41]

    /// What is served: a service does not start with a method that has no row, nor the other way.
    static let served = AuthorizationTable.rows.map { (service: $0.service, path: $0.path) }

    @Test("every method that is served is written down once, and nothing else is")
    func complete() {
      for (service, path) in Self.served {
        #expect(
          WhoMayCall.rows.count { $0.isAbout(service, path) } == 1,
          "write one line for \(service.rawValue) \(path) in WhoMayCall")
      }
      for method in WhoMayCall.humansOnly {
        #expect(WhoMayCall.rows.contains { $0.method == method }, "there is no \(method)")
      }
      for row in WhoMayCall.rows {
        #expect(
          Self.served.contains { row.isAbout($0.service, $0.path) }, "nobody serves \(row)")
      }
    }

    /// Whether the handshake already ends it: nothing is asked for then, and no token is sent.
    private static func isShut(_ door: Door, to visitor: Visitor) -> Bool {
      [.otherAuthority, .withTwoNames].contains(visitor.certificate)
        || door.listener == .service && visitor.certificate == .none
    }

    static func expected(_ visitor: Visitor, _ door: Door, _ path: String) -> Outcome {
      if isShut(door, to: visitor) { return .noConnection }
      let row = WhoMayCall.rows.first { $0.isAbout(door.service, path) }
      guard let row, row.doors.contains(door.listener) else { return .unimplemented }
      switch row.callers {
      case .anybody: return .admitted
      case .people(let roles): return expected(visitor, row, roles)
      case .services(let services): return expected(visitor, services)
      case .either(let roles, let services):
        return door.listener == .people
          ? expected(visitor, row, roles) : expected(visitor, services)
      }
    }

    private static func expected(
      _ visitor: Visitor, _ row: WhoMayCall, _ roles: Set<Role>
    ) -> Outcome {
      guard visitor.isPerson else { return .unauthenticated }
      if visitor.isAutomation, !visitor.hasScope || WhoMayCall.humansOnly.contains(row.method) {
        return .denied
      }
      return visitor.role.map(roles.contains) ?? false ? .admitted : .denied
    }

    private static func expected(_ visitor: Visitor, _ services: Set<ServiceName>) -> Outcome {
      visitor.service.map(services.contains) ?? false ? .admitted : .denied
    }

    @Test("every method × every kind of caller × both doors")
    func matrix() async throws {
      let deployment = try await Deployment()
      for service in ServiceName.allCases { deployment.start(service) }
      for service in ServiceName.allCases { try await deployment.ready(service) }
      let visitors = try await Visitor.all(deployment.files)
      let elsewhere = TemporaryDirectory()
      let stranger = TestPKI(in: elsewhere)
      var wrong: [String] = []
      for visitor in visitors {
        let shown = try visitor.certificate.files(
          deployment.files.pki, in: deployment.files.directory, stranger: stranger)
        let tls = try TLSContext(
          .client(
            trustRootsFile: deployment.files.pki.authorities,
            identity: shown.map { .init(chainFile: $0.certificate, keyFile: $0.key) }))
        wrong += await withTaskGroup(of: [String].self) { doors in
          for door in Door.all {
            // It is shut before a token is sent: to people it is as to nobody.
            if visitor.token != nil, Self.isShut(door, to: visitor) { continue }
            doors.addTask {
              await Self.visit(door, visitor, tls, deployment.files.host)
            }
          }
          return await doors.reduce(into: []) { $0 += $1 }
        }
      }
      #expect(wrong.isEmpty, "\(wrong.sorted().joined(separator: "\n"))")
    }

    /// Every method of the service, those of its other door too; without a token, those of all the
    /// other services too.
    private static func paths(for visitor: Visitor, at door: Door) -> [String] {
      let own = served.filter { $0.service == door.service || visitor.token == nil }
      return Set(own.map(\.path)).sorted()
    }

    /// What was otherwise than it should be.
    private static func visit(
      _ door: Door, _ visitor: Visitor, _ tls: TLSContext, _ host: String
    ) async -> [String] {
      let ports = door.service.ports
      var wrong: [String] = []
      let client = RPCClient(
        target: RPCTarget(
          host: host, port: door.listener == .people ? ports.people : ports.service),
        tls: tls, expecting: .uri(door.service.spiffeID(in: TestPKI.trustDomain)),
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
      if isShut(door, to: visitor) {
        do throws(RPCError) {
          _ = try await client.unary(GrpcHealthV1.Health.check, .init())
          wrong.append("\(visitor) gets in at \(door)")
        } catch {
          if error.code != .unavailable { wrong.append("\(visitor) at \(door): \(error)") }
        }
        await client.shutdown(grace: .zero)
        return wrong
      }
      for path in paths(for: visitor, at: door) {
        let outcome = Outcome(await client.raw(path, noMessage, metadata: visitor.metadata))
        let expected = expected(visitor, door, path)
        guard outcome != expected else { continue }
        wrong.append(
          """
          \(visitor) at \(door.service.rawValue)'s \(door.listener.rawValue) listener, \(path): \
          \(outcome), not \(expected)
          """)
      }
      await client.shutdown(grace: .zero)
      return wrong
    }
  }
}
