internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@Suite("Service tokens: no more than their scope, and never a decision")
struct ServiceTokenTests {
  func authorize(
    _ path: String, of service: ServiceName, roles: [Role], scope: [String], tenant: Bool = false
  ) async throws -> Result<Caller?, RPCError> {
    let people = try await PeopleFixture()
    let served = AuthorizationTable.rows
      .filter { $0.service == service && $0.listeners.contains(.people) }.map(\.path)
    let authorizer = try Authorizer(
      service: service, listener: .people, serving: served, trustDomain: "lockbox.example",
      authenticator: people.authenticator, logger: people.log.logger())
    let issuer = tenant ? people.contoso : people.provider
    var claims = issuer.claims(
      subject: "bot", roles: roles.map(\.rawValue) + ["automation"], at: people.clock.now())
    claims["scope"] = .string(scope.joined(separator: " "))
    let token = issuer.token(claims: .object(claims))
    return Result { () throws(RPCError) in
      try authorizer.authorize(
        path, metadata: ["authorization": "Bearer \(token)"], peer: nil)
    }
  }

  func name(_ path: String) -> String { String(path.dropFirst()) }

  @Test("a method that its scope names and its role may call is open")
  func named() async throws {
    let path = ApprovalsV1.PolicyService.listPolicies.path
    let outcome = try await authorize(
      path, of: .approvals, roles: [.operator], scope: ["openid", name(path)])
    #expect(try outcome.get()?.roles == [.operator])
  }

  @Test("what its scope does not name is closed, whatever its roles")
  func unnamed() async throws {
    let path = ApprovalsV1.PolicyService.applyPolicy.path
    for scope in [[], [name(ApprovalsV1.PolicyService.listPolicies.path)], [path], ["*"]] {
      let outcome = try await authorize(path, of: .approvals, roles: [.operator], scope: scope)
      #expect(throws: RPCError.denied) { try outcome.get() }
    }
  }

  @Test("a scope gives no role")
  func noRole() async throws {
    let path = ApprovalsV1.PolicyService.listPolicies.path
    let outcome = try await authorize(
      path, of: .approvals, roles: [.engineer], scope: [name(path)])
    #expect(throws: RPCError.denied) { try outcome.get() }
  }

  @Test(
    "what decides is closed to it, though its scope names it",
    arguments: [
      ApprovalsV1.ApprovalsService.decideAccessRequest.path,
      ApprovalsV1.ApprovalsService.askQuestion.path,
      ApprovalsV1.ApproverKeyService.registerApproverKey.path,
      ApprovalsV1.ApproverKeyService.confirmApproverKey.path,
    ])
  func decisions(_ path: String) async throws {
    let outcome = try await authorize(
      path, of: .approvals, roles: [.approver, .admin], scope: [name(path)], tenant: true)
    #expect(throws: RPCError.denied) { try outcome.get() }
  }
}
