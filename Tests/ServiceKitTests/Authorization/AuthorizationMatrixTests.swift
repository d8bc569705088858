internal import Domain
internal import RPC
internal import ServiceKit
internal import StrictJSON
internal import TLS
internal import TestKit
internal import Testing

@Suite("Authorization: every identity on every method")
struct AuthorizationMatrixTests {
  /// Somebody at a door.
  enum Identity: Sendable, Hashable, CustomTestStringConvertible {
    case nobody
    case forgedToken
    case person(Role)
    /// A person whose issuer says a role that is not its to say.
    case usurper(Role)
    case roleless
    case service(ServiceName)
    case serviceOfAnotherDomain
    case certificateWithoutURI
    case certificateWithTwoURIs
    /// A service's certificate with a person's token beside it.
    case serviceWithToken(ServiceName, Role)

    static let all: [Identity] =
      [
        .nobody, .forgedToken, .roleless, .serviceOfAnotherDomain, .certificateWithoutURI,
        .certificateWithTwoURIs,
      ] + Role.allCases.flatMap { [.person($0), .usurper($0)] }
      + (ServiceName.allCases + [.gate]).flatMap { service in
        [.service(service)] + Role.allCases.map { .serviceWithToken(service, $0) }
      }

    var testDescription: String { "\(self)" }

    /// The role and the service that it truly has.
    var truth: (role: Role?, service: ServiceName?) {
      switch self {
      case .nobody, .forgedToken, .usurper, .roleless, .serviceOfAnotherDomain,
        .certificateWithoutURI, .certificateWithTwoURIs:
        (nil, nil)
      case .person(let role): (role, nil)
      case .service(let service): (nil, service)
      case .serviceWithToken(let service, let role): (role, service)
      }
    }
  }

  static let domain = "lockbox.example"

  /// What the identity brings to the door.
  func credentials(
    of identity: Identity, _ people: PeopleFixture
  ) -> (metadata: Metadata, peer: PeerIdentity?) {
    func token(_ role: Role, usurped: Bool = false) -> Metadata {
      let issuer = role.isProviders == usurped ? people.contoso : people.provider
      let token = issuer.token(subject: "x", roles: [role.rawValue], at: people.clock.now())
      return ["authorization": "Bearer \(token)"]
    }
    func certificate(_ names: String...) -> PeerIdentity {
      PeerIdentity(uriNames: names, dnsNames: ["intake"], leafSHA256: [], notAfter: 0)
    }
    switch identity {
    case .nobody: return ([:], nil)
    case .forgedToken:
      let forged = people.provider.token(
        claims: people.claims(["roles": .array(Role.allCases.map { .string($0.rawValue) })]),
        key: people.contoso.keys[0])
      return (["authorization": "Bearer \(forged)"], nil)
    case .person(let role): return (token(role), nil)
    case .usurper(let role): return (token(role, usurped: true), nil)
    case .roleless:
      let token = people.provider.token(subject: "x", roles: [], at: people.clock.now())
      return (["authorization": "Bearer \(token)"], nil)
    case .service(let service):
      return ([:], certificate(service.spiffeID(in: Self.domain)))
    case .serviceOfAnotherDomain:
      return ([:], certificate(ServiceName.approvals.spiffeID(in: "evil.example")))
    case .certificateWithoutURI: return ([:], certificate())
    case .certificateWithTwoURIs:
      return (
        [:],
        certificate(
          ServiceName.audit.spiffeID(in: Self.domain),
          ServiceName.approvals.spiffeID(in: Self.domain))
      )
    case .serviceWithToken(let service, let role):
      return (token(role), certificate(service.spiffeID(in: Self.domain)))
    }
  }

  @Test("exactly those that the row names get in", arguments: Identity.all)
  func matrix(_ identity: Identity) async throws {
    let people = try await PeopleFixture()
    let (metadata, peer) = credentials(of: identity, people)
    let truth = identity.truth
    for service in ServiceName.allCases {
      for listener in ListenerKind.allCases {
        let served = AuthorizationTable.rows
          .filter { $0.service == service && $0.listeners.contains(listener) }.map(\.path)
        let authorizer = try Authorizer(
          service: service, listener: listener, serving: served, trustDomain: Self.domain,
          authenticator: people.authenticator, logger: people.log.logger())
        for path in AuthorizationTableTests.paths(of: service) {
          let row = try #require(
            AuthorizationTable.rows.first { $0.service == service && $0.path == path })
          let outcome = Result { () throws(RPCError) in
            try authorizer.authorize(path, metadata: metadata, peer: peer)
          }
          expect(outcome, row, listener, truth, "\(identity) \(service) \(listener) \(path)")
        }
      }
    }
  }

  private func expect(
    _ outcome: Result<Caller?, RPCError>, _ row: AuthorizationRow, _ listener: ListenerKind,
    _ truth: (role: Role?, service: ServiceName?), _ place: String
  ) {
    let comment = Comment(rawValue: place)
    guard row.listeners.contains(listener) else {
      #expect(outcome.code == .unimplemented, comment)
      return
    }
    switch row.callers {
    case .anybody:
      #expect((try? outcome.get()) == .some(nil), comment)
    case .people(let roles): expect(outcome, roles, truth.role, comment)
    case .services(let services): expect(outcome, services, truth.service, comment)
    case .either(let roles, let services):
      switch listener {
      case .people: expect(outcome, roles, truth.role, comment)
      case .service: expect(outcome, services, truth.service, comment)
      }
    }
  }

  private func expect(
    _ outcome: Result<Caller?, RPCError>, _ roles: Set<Role>, _ role: Role?, _ comment: Comment
  ) {
    if let role, roles.contains(role) {
      #expect((try? outcome.get())??.roles == [role], comment)
    } else {
      #expect([.unauthenticated, .permissionDenied].contains(outcome.code), comment)
    }
  }

  private func expect(
    _ outcome: Result<Caller?, RPCError>, _ services: Set<ServiceName>, _ service: ServiceName?,
    _ comment: Comment
  ) {
    if let service, services.contains(service) {
      let caller = (try? outcome.get()) ?? nil
      #expect(caller?.subject.id == service.spiffeID(in: Self.domain), comment)
      #expect(caller?.principal.person == nil, comment)
    } else {
      #expect(outcome.code == .permissionDenied, comment)
    }
  }

  @Test("refusals never say why, the log says it once and without the token")
  func silence() async throws {
    let people = try await PeopleFixture()
    let path = "/lockbox.intake.v1.IntakeService/SubmitAccessRequest"
    let served = AuthorizationTable.rows
      .filter { $0.service == .intake && $0.listeners.contains(.people) }.map(\.path)
    let authorizer = try Authorizer(
      service: .intake, listener: .people, serving: served, trustDomain: Self.domain,
      authenticator: people.authenticator, logger: people.log.logger())
    func refusal(_ metadata: Metadata) -> RPCError? {
      #expect(throws: RPCError.self) {
        try authorizer.authorize(path, metadata: metadata, peer: nil)
      }
    }
    let expired = people.provider.token(claims: people.claims(["exp": .number("1")]))
    #expect(refusal([:]) == .unauthenticated)
    #expect(refusal(["authorization": "Bearer \(expired)"]) == .unauthenticated)
    let good = people.provider.token(claims: people.claims())
    let twice: Metadata = ["authorization": "Bearer \(good)", "authorization": "Bearer \(good)"]
    #expect(refusal(twice) == .unauthenticated)
    let auditor = people.contoso.token(subject: "x", roles: ["auditor"], at: people.clock.now())
    #expect(refusal(["authorization": "Bearer \(auditor)"]) == .denied)

    #expect(people.log.lines.count == 4)
    for (line, reason) in zip(
      people.log.lines, ["missing", "expired", "malformed", "ROLE_MISSING"])
    {
      #expect(line.contains(reason), "\(line)")
      #expect(!line.contains("eyJ"))
    }
  }
}

extension Result where Success == Caller?, Failure == RPCError {
  fileprivate var code: StatusCode {
    switch self {
    case .success: .ok
    case .failure(let error): error.code
    }
  }
}
