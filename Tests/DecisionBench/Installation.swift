internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import NIOPosix
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import StrictJSON
internal import TLS
internal import TestKit

/// Intake and approvals as processes of their own, with so many tenants of 20 approvers each. Each
/// tenant has an issuer and a key set file of its own, as in production.
final class Installation: Sendable {
  let tenants: Int
  private let directory = TemporaryDirectory()
  private let provider: TestIssuer
  /// One key for all tenants' issuers: only the files differ.
  private let customers: TestIssuer
  private let intake: RPCClient
  private let approvals: RPCClient
  private let processes: [ServiceName: ChildProcess]
  private let requests = Counter()

  static let approvers = (0..<20).map { "approver-\($0)" }
  static let managers = (0..<20).map { "manager-\($0)" }

  private typealias Approvals = ApprovalsV1.ApprovalsService

  init(tenants: Int) async throws {
    self.tenants = tenants
    let pki = TestPKI(in: directory)
    provider = try await TestIssuer(url: "https://login.provider.test")
    customers = try await TestIssuer(url: "https://login.customers.test")
    let host =
      "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
    try SigningKey.generate().save(to: directory.file("token.key"))
    Self.writeIssuers(tenants, provider, customers, in: directory)
    var processes: [ServiceName: ChildProcess] = [:]
    for service in [ServiceName.intake, .approvals] {
      let file = directory.write(
        "\(service.rawValue).yaml", Self.configuration(of: service, on: host, pki))
      processes[service] = ChildProcess(
        "\(buildDirectory)/lockbox-\(service.rawValue)", ["--config", file],
        output: directory.file("\(service.rawValue).out"))
    }
    self.processes = processes
    let tls = try TLSContext(.client(trustRootsFile: pki.authorities))
    func client(_ service: ServiceName) -> RPCClient {
      RPCClient(
        target: RPCTarget(host: host, port: service.ports.people), tls: tls,
        expecting: .uri(service.spiffeID(in: TestPKI.trustDomain)),
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
    }
    intake = client(.intake)
    approvals = client(.approvals)
  }

  private static func writeIssuers(
    _ tenants: Int, _ provider: TestIssuer, _ customers: TestIssuer,
    in directory: TemporaryDirectory
  ) {
    directory.write("provider.jwks", provider.jwks)
    let keys = customers.jwks
    var text =
      "issuers:\n  - {issuer: \"\(provider.url)\", audience: lockbox, keys: provider.jwks}\n"
    for tenant in 0..<tenants {
      directory.write("t\(tenant).jwks", keys)
      text += "  - {issuer: \"\(url(of: tenant))\", audience: lockbox, keys: t\(tenant).jwks, "
      text += "tenant: t\(tenant)}\n"
    }
    directory.write("issuers.yaml", text)
  }

  private static func url(of tenant: Int) -> String { "https://login.t\(tenant).test" }

  private static func configuration(
    of service: ServiceName, on host: String, _ pki: TestPKI
  ) -> String {
    let (certificate, key) = pki.files(of: service)
    let ports = service.ports
    let peers = ServiceName.allCases.map { "\($0.rawValue): \"\(host):\($0.ports.service)\"" }
    let own =
      service == .approvals
      ? "token: {signing_key: token.key, issuer: \"https://bench.test\", audience: gate}" : ""
    return """
      environment: development
      trust_domain: \(TestPKI.trustDomain)
      data_directory: \(service.rawValue)-data
      issuers: issuers.yaml
      log: {level: warning}
      tls: {certificate: \(certificate), key: \(key), authorities: \(pki.authorities)}
      people_listener: {address: "\(host):\(ports.people)"}
      service_listener: {address: "\(host):\(ports.service)"}
      metrics: {address: "\(host):\(ports.metrics)"}
      peers: {\(peers.joined(separator: ", "))}
      \(own)
      """ + "\n"
  }

  func stop() async {
    for (_, process) in processes { _ = await process.terminate() }
    await intake.shutdown()
    await approvals.shutdown()
  }

  /// The process that decides.
  private var decider: Int32 {
    guard let id = processes[.approvals]?.processID else { preconditionFailure("it has ended") }
    return id
  }

  // MARK: - Before

  /// Waits for the services, makes the tenants and the policy, and says how long that took.
  func prepare() async throws -> String {
    let begin = ContinuousClock.now
    let `operator` = provider.options("olga", [.operator])
    var patient = `operator`
    patient.waitForReady = true
    patient.timeout = .seconds(600)
    _ = try await approvals.unary(
      ApprovalsV1.PolicyService.applyPolicy,
      .init(
        policy: .init(
          workload: "mail",
          stages: [
            .init(
              name: "managers", approvers: .init(people: Self.managers, quorum: 1),
              lifetime: .init(seconds: 43_200))
          ])), options: patient)
    let started = ContinuousClock.now - begin
    try await each(tenants) { [approvals] tenant in
      _ = try await approvals.unary(
        ApprovalsV1.TenantService.applyTenant,
        .init(
          settings: .init(
            tenantID: "t\(tenant)", displayName: "Tenant \(tenant)", lockboxEnabled: true,
            requestLifetime: .init(seconds: 43_200), longestAccess: .init(seconds: 14_400),
            approvers: .init(people: Self.approvers, quorum: 1),
            contacts: ["it@t\(tenant).test"])), options: `operator`)
    }
    // Intake knows a tenant once approvals' feed has told it.
    let last = "t\(tenants - 1)"
    guard await eventually(within: .seconds(600), { (try? await submit(for: last)) != nil }) else {
      throw Failure(text(ofFile: directory.file("intake.out")))
    }
    let idle = Load.processorTime(of: decider)
    try await Task.sleep(for: .seconds(5))
    let share = Double(Load.processorTime(of: decider) - idle) / 5e7
    return """
      \(tenants) tenants: ready after \((started / .seconds(1)).rounded(to: 1)) s, idle approvals \
      take \(share.rounded(to: 2)) % of a core and \(residentMegabytes) MiB
      """
  }

  private var residentMegabytes: Int {
    let line = text(ofFile: "/proc/\(decider)/status").split(separator: "\n")
      .first { $0.hasPrefix("VmRSS:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_024
  }

  struct Failure: Error {
    let what: String
    init(_ what: String) { self.what = what }
  }

  /// Runs `body` for each index, with many at once.
  private func each(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void
  ) async throws {
    let next = Counter()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for _ in 0..<64 {
        tasks.addTask {
          while case let index = next.take(), index < count { try await body(index) }
        }
      }
      try await tasks.waitForAll()
    }
  }

  // MARK: - Requests

  private struct Asked: Sendable {
    let id: String
    let digest: [UInt8]
    let tenant: Int
  }

  private func submit(for tenant: String) async throws -> IntakeV1.AccessRequestStatus? {
    try await intake.unary(
      IntakeV1.IntakeService.submitAccessRequest,
      .init(
        idempotencyKey: RequestID.make(at: SystemClock().now()).description, tenantID: tenant,
        workload: "mail", reasonCode: .customerInitiatedSupport,
        justification: "the mailbox does not open", ticket: "T-1",
        scope: .init(resources: ["mailboxes/alice"], actions: [.read]),
        duration: .init(seconds: 3_600)), options: provider.options("emma", [.engineer])
    ).accessRequest
  }

  /// Requests of as many tenants as there are, opened.
  private func ask(_ count: Int) async throws -> [Asked] {
    let first = requests.take(count)
    let asked = Slots<Asked>(count)
    let reader = provider.options(Self.managers[0], [.manager])
    try await each(count) { [self] index in
      let tenant = (first + index) % tenants
      guard let status = try await submit(for: "t\(tenant)"),
        let id = status.accessRequest?.requestID
      else { throw Failure("no request") }
      asked[index] = Asked(id: id, digest: status.requestDigest, tenant: tenant)
    }
    try await each(count) { [self] index in
      guard let id = asked[index]?.id else { return }
      let isOpen = await eventually {
        (try? await approvals.unary(
          Approvals.getAccessRequest, .init(requestID: id), options: reader)) != nil
      }
      guard isOpen else { throw Failure("approvals does not open \(id)") }
    }
    return (0..<count).compactMap { asked[$0] }
  }

  // MARK: - Decisions

  /// Asks for access so many times, and measures the managers' and then the customers' decisions.
  func decide(_ count: Int) async throws -> Round {
    let asked = try await ask(count)
    let managers = Self.managers.map { provider.options($0, [.manager]) }
    // What a person shows first is a token that approvals has not seen.
    let customers = asked.enumerated().map { index, asked in
      TestIssuer(url: Self.url(of: asked.tenant), keys: self.customers.keys).options(
        Self.approvers[(index / tenants + index) % Self.approvers.count], [.approver],
        id: asked.id)
    }
    for manager in managers {
      _ = try await approvals.unary(
        Approvals.listAccessRequests, .init(pageSize: 1), options: manager)
    }
    let first = try await Load.measure(count, of: decider) { [self] index in
      try await decide(asked[index], 0, as: managers[index % managers.count])
    }
    let second = try await Load.measure(count, of: decider) { [self] index in
      try await decide(asked[index], 1, as: customers[index])
    }
    return Round(managers: first, customers: second)
  }

  private func decide(_ asked: Asked, _ stage: UInt32, as who: CallOptions) async throws {
    let answer = try await approvals.unary(
      Approvals.decideAccessRequest,
      .init(
        requestID: asked.id, verdict: .approve, requestDigest: asked.digest, stage: stage),
      options: who)
    guard answer.accessRequest?.state == (stage == 0 ? .awaitingCustomer : .approved) else {
      throw Failure("the decision changed nothing")
    }
  }
}

extension TestIssuer {
  /// Calls in somebody's name; `id` makes the token another one than all before it.
  fileprivate func options(_ name: String, _ roles: [Role], id: String = "") -> CallOptions {
    var claims = claims(
      subject: name, roles: roles.map(\.rawValue), at: SystemClock().now())
    if !id.isEmpty { claims["jti"] = .string(id) }
    return CallOptions(metadata: ["authorization": "Bearer \(token(claims: .object(claims)))"])
  }
}
