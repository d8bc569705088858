internal import Approvals
internal import Domain
internal import Intake
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

/// A portal before real intake and approvals, all over real sockets; there is no audit.
final class RealLockbox: Sendable {
  let fixture: PortalFixture
  private let intake: RunningService
  private let approvals: RunningService
  private let clients: [ServiceName: RPCClient]

  var clock: FakeClock { fixture.clock }
  var installation: TestInstallation { fixture.installation }

  private init(_ settings: CommonV1.TenantSettings, _ policy: CommonV1.WorkloadPolicy) async throws
  {
    let installation = try await TestInstallation()
    // A loopback address of their own, where no port is anybody else's: they look for each other.
    let host = "127.\((0..<3).map { _ in String(Int.random(in: 1...254)) }.joined(separator: "."))"
    func address(_ port: Int) -> Address { Address(host: host, port: port) }
    installation.locate(.intake, at: address(7001))
    installation.locate(.approvals, at: address(7002))
    installation.locate(.audit, at: address(7003))
    let key = installation.directory.file("token.key")
    try SigningKey.generate().save(to: key)
    approvals = try await RunningService(
      .approvals, in: installation, section: ApprovalsSettings.self,
      more: """
        token: {signing_key: \(key), issuer: "https://approvals.test", audience: content}
        webauthn: {relying_party_id: portal.test, origin: "\(PortalFixture.origin)"}
        """,
      flags: ["people_listener.address=127.0.0.1:0", "service_listener.address=\(address(7002))"]
    ) { try await ApprovalsService.assemble($0, $1) }
    intake = try await RunningService(
      .intake, in: installation, section: NoSettings.self,
      flags: ["people_listener.address=127.0.0.1:0", "service_listener.address=\(address(7001))"]
    ) { workbench, _ in try IntakeService.assemble(workbench) }
    fixture = try await PortalFixture(
      in: installation,
      flags: [
        "services.intake=\(intake.addresses.people)",
        "services.approvals=\(approvals.addresses.people)",
      ])
    clients = [
      .intake: try installation.client(
        of: intake.addresses.people, as: nil, expecting: .intake),
      .approvals: try installation.client(
        of: approvals.addresses.people, as: nil, expecting: .approvals),
    ]
    let operatorOptions = installation.bearer(installation.provider, "otto", [.operator])
    _ = try await call(
      ApprovalsV1.PolicyService.applyPolicy, .init(policy: policy), operatorOptions)
    _ = try await call(
      ApprovalsV1.TenantService.applyTenant, .init(settings: settings), operatorOptions)
  }

  /// Runs a test against services of its own, and stops them.
  static func run(
    _ change: (inout CommonV1.TenantSettings) -> Void = { _ in },
    _ body: (RealLockbox) async throws -> Void
  ) async throws {
    var settings = CommonV1.TenantSettings(
      tenantID: "contoso", displayName: "Contoso", lockboxEnabled: true,
      requestLifetime: .init(.hours(12)), longestAccess: .init(.hours(4)),
      approvers: .init(groups: ["approvers"], quorum: 1), contacts: ["it@contoso.test"],
      breakGlass: .init(reasons: [.customerInitiatedSupport]))
    change(&settings)
    let managers = CommonV1.Approvers(groups: ["managers"], quorum: 1)
    let policy = CommonV1.WorkloadPolicy(
      workload: "mail",
      stages: [.init(name: "managers", approvers: managers, lifetime: .init(.hours(12)))],
      breakGlass: .init(approvers: .init(groups: ["managers"], quorum: 2)))
    let lockbox = try await RealLockbox(settings, policy)
    do {
      try await lockbox.fixtureIsKnown()
      try await body(lockbox)
    } catch {
      try await lockbox.stop()
      throw error
    }
    try await lockbox.stop()
  }

  /// Waits until intake has heard of the tenant: a request that only asks for too long.
  private func fixtureIsKnown() async throws {
    var probe = asked("probe")
    probe.duration = .init(.hours(8))
    let isKnown = await eventually {
      do {
        _ = try await call(
          IntakeV1.IntakeService.submitAccessRequest, probe, engineer)
        return false
      } catch let error as RPCError {
        return error.fieldViolations.map(\.field) == ["duration"]
      } catch {
        return false
      }
    }
    try #require(isKnown, "intake hears of no tenant")
  }

  private func stop() async throws {
    for client in clients.values { await client.shutdown() }
    try await fixture.stop()
    try await approvals.stop()
    try await intake.stop()
  }

  // MARK: - Calls beside the portal

  func call<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, _ who: CallOptions
  ) async throws -> Response {
    let name: ServiceName = method.service.hasPrefix("lockbox.intake") ? .intake : .approvals
    return try await #require(clients[name]).unary(method, request, options: who)
  }

  var engineer: CallOptions { installation.bearer(installation.provider, "erin", [.engineer]) }
  var manager: CallOptions {
    installation.bearer(installation.provider, "mia", [.manager], groups: ["managers"])
  }
  var approver: CallOptions {
    installation.bearer(installation.contoso, "ana", [.approver], groups: ["approvers"])
  }

  /// What the tenant's admin changes.
  func change(_ change: (inout CommonV1.TenantSettings) -> Void) async throws {
    let admin = installation.bearer(installation.contoso, "adam", [.admin])
    let answer = try await call(
      ApprovalsV1.TenantService.getTenant, .init(tenantID: "contoso"), admin)
    var settings = try #require(answer.tenant?.settings)
    change(&settings)
    _ = try await call(
      ApprovalsV1.TenantService.applyTenant, .init(settings: settings), admin)
  }

  func asked(_ key: String) -> IntakeV1.SubmitAccessRequestRequest {
    .init(
      idempotencyKey: key, tenantID: "contoso", workload: "mail",
      reasonCode: .customerInitiatedSupport, justification: "the mailbox does not open",
      ticket: "T-1",
      scope: .init(resources: ["mailboxes/alice", "mailboxes/bob"], actions: [.read, .export]),
      duration: .init(.hours(2)))
  }

  /// A request that approvals has opened.
  func submitted(
    _ change: (inout IntakeV1.SubmitAccessRequestRequest) -> Void = { _ in }
  ) async throws -> String {
    var message = asked(RequestID.make(at: clock.now()).description)
    change(&message)
    let answer = try await call(
      IntakeV1.IntakeService.submitAccessRequest, message, engineer)
    let id = try #require(answer.accessRequest?.accessRequest?.requestID)
    let isOpen = await eventually { (try? await record(id)) != nil }
    try #require(isOpen, "approvals does not open \(id)")
    return id
  }

  func record(_ id: String) async throws -> ApprovalsV1.AccessRequestRecord {
    let answer = try await call(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(requestID: id), manager)
    return try #require(answer.accessRequest)
  }

  func approved(_ id: String, by who: CallOptions) async throws {
    let record = try await record(id)
    _ = try await call(
      ApprovalsV1.ApprovalsService.decideAccessRequest,
      .init(
        requestID: id, verdict: .approve, requestDigest: record.requestDigest,
        stage: record.openStage), who)
  }

  /// A request that waits for the customer.
  func waiting(
    _ change: (inout IntakeV1.SubmitAccessRequestRequest) -> Void = { _ in }
  ) async throws -> String {
    let id = try await submitted(change)
    try await approved(id, by: manager)
    return id
  }

  /// A request whose grant is live, and the grant.
  func granted() async throws -> (request: String, grant: String) {
    let id = try await waiting()
    try await approved(id, by: approver)
    return (id, try #require(try await record(id).grant?.grantID))
  }

  // MARK: - People

  enum Who: String, CaseIterable {
    case erin, mia, max, ana, adam, audrey

    var roles: [String] {
      switch self {
      case .erin: ["engineer"]
      case .mia, .max: ["manager"]
      case .ana: ["approver"]
      case .adam: ["admin"]
      case .audrey: ["auditor"]
      }
    }

    var groups: [String] {
      switch self {
      case .mia, .max: ["managers"]
      case .ana: ["approvers"]
      case .erin, .adam, .audrey: []
      }
    }
  }

  /// A browser with a session of somebody; how they sign in, other tests tell.
  func browser(_ who: Who) async throws -> TestBrowser {
    let isProviders = [Who.erin, .mia, .max].contains(who)
    let issuer = isProviders ? installation.provider : installation.contoso
    let token = issuer.token(
      subject: who.rawValue, roles: who.roles, groups: who.groups, at: clock.now(),
      lifetime: .hours(8))
    let session = try await fixture.portal.desk.sessions.begin(
      SignedIn(
        organisation: "contoso", token: token, tokenEnd: clock.now() + .hours(8),
        refreshToken: nil), endTime: nil, replacing: nil)
    let browser = fixture.browser()
    browser.cookies = ["__Host-session": session.id.cookie]
    return browser
  }
}

extension HTTPSCaller.Answer {
  /// The hidden fields of the forms of the page, the form token aside.
  var hidden: [WebField] {
    body.split(separator: "<input type=\"hidden\" name=\"").dropFirst().compactMap { part in
      guard let name = part.split(separator: "\"").first, name != "form_token",
        let value = part.split(separator: "value=\"", maxSplits: 1).dropFirst().first
      else { return nil }
      return WebField(String(name), String(value.prefix { $0 != "\"" }))
    }
  }
}

extension TestBrowser {
  /// Sends a form with the hidden fields of the page that showed it.
  func submit(
    _ page: HTTPSCaller.Answer, to target: String, _ fields: [WebField]
  ) async throws -> HTTPSCaller.Answer {
    let token = session.flatMap { SessionID(cookie: $0)?.formToken } ?? ""
    let all = page.hidden + fields + [WebField("form_token", token)]
    return try await ask("POST", target, body: FormText.text(all))
  }
}
