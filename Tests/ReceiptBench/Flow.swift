internal import Domain
internal import Glibc
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit

/// A producer's feed in this process, lockbox-audit behind it, and whoever waits for receipts.
struct Flow: Sendable {
  let tenants: Int
  private let installation: TestInstallation
  private let database: Database
  private let producer: RunningService
  private let process: ChildProcess
  private let audit: RPCClient
  private let clock = ContinuousClock()

  /// The producer commits so often: each time a hundredth of a second's events.
  private static let step = Duration.milliseconds(10)

  var directory: TemporaryDirectory { installation.directory }

  init(tenants: Int) async throws {
    self.tenants = tenants
    let installation = try await TestInstallation()
    self.installation = installation
    let database = try Database(
      at: installation.directory.file("expiry.db"),
      DatabaseOptions(program: "expiry", applicationID: 7), migrations: [],
      clock: { SystemClock().now().nanoseconds }, onFatal: { preconditionFailure("\($0)") })
    self.database = database
    producer = try await RunningService(.expiry, in: installation, section: NoSettings.self) {
      _, _ in
      var parts = ServiceParts()
      parts.people.unary(ExpiryV1.ExpiryService.listDeadlines) { _, _ in .init() }
      parts.people.unary(ExpiryV1.ExpiryService.getExpiryStatus) { _, _ in .init() }
      parts.database = database
      parts.feed = database.feed
      return parts
    }
    try SigningKey.generate().save(to: installation.directory.file("log.key"))
    let address = Address(
      host: "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).9", port: 7_504)
    let file = Self.configuration(installation, producer.addresses.service, at: address)
    process = ChildProcess(
      "\(buildDirectory)/lockbox-audit", ["--config", file],
      output: installation.directory.file("audit.out"))
    audit = try installation.client(of: address, as: .approvals, expecting: .audit)
  }

  private static func configuration(
    _ installation: TestInstallation, _ producer: Address, at address: Address
  ) -> String {
    let (certificate, key) = installation.pki.files(of: .audit)
    return installation.directory.write(
      "audit.yaml",
      """
      environment: development
      trust_domain: \(TestPKI.trustDomain)
      data_directory: audit-data
      issuers: issuers.yaml
      log: {level: warning}
      tls: {certificate: \(certificate), key: \(key), authorities: \(installation.pki.authorities)}
      people_listener: {address: "\(address.host):7404"}
      service_listener: {address: "\(address)"}
      metrics: {address: "\(address.host):7604"}
      peers: {expiry: "\(producer)"}
      audit: {origin_prefix: log.example/bench, signing_key: log.key}
      """ + "\n")
  }

  func stop() async {
    _ = await process.terminate()
    await audit.shutdown()
    try? await producer.stop()
  }

  /// Begins every tenant's log, and waits for the service.
  func warmUp() async throws {
    for tenant in 0..<tenants {
      let event = try await commit(1, from: tenant)[0]
      if tenant == tenants - 1 { try await receipt(of: event, patient: true) }
    }
  }

  /// Commits events of so many decisions, tenant after tenant.
  private func commit(_ count: Int, from first: Int) async throws -> [EventDraft] {
    let drafts = (0..<count).map { number in
      EventDraft(
        time: SystemClock().now(), tenant: TenantID("t\((first + number) % tenants)"),
        request: .make(at: SystemClock().now()),
        origin: .person(Subject(issuer: "https://login.t.test", id: "approver-7"), as: .approver),
        payload: .decisionRecorded(
          .init(
            decision: .init(
              stage: 1, side: .customer, verdict: .approve, comment: "as agreed on the phone",
              requestDigest: [UInt8](repeating: 7, count: 32)))))
    }
    try await database.write { transaction in
      for draft in drafts {
        try transaction.append { try draft.serialized(feed: "expiry", sequence: $0) }
      }
    }
    return drafts
  }

  private func receipt(of event: EventDraft, patient: Bool = false) async throws {
    var options = CallOptions(timeout: .seconds(60))
    options.waitForReady = patient
    let response = try await audit.unary(
      AuditV1.AuditService.awaitReceipt,
      .init(tenantID: event.tenant?.text ?? "", eventID: event.id.description), options: options)
    guard response.receipt?.checkpoint.isEmpty == false else { throw Missing() }
  }

  struct Missing: Error {}

  struct Result {
    let lines: [String]
  }

  func run(for seconds: Int, rate: Int, receipts: Int) async throws -> Result {
    let steps = seconds * Int(Duration.seconds(1) / Self.step)
    let eachStep = rate * seconds / steps
    let awaited = receipts * seconds / steps
    let begin = clock.now
    let spent = processorSeconds()
    var commits: [Duration] = []
    var lateSteps = 0
    let times = try await withThrowingTaskGroup(of: Duration.self) { tasks in
      for step in 0..<steps {
        let due = begin + Self.step * step
        if clock.now < due { try await clock.sleep(until: due) } else { lateSteps += 1 }
        let start = clock.now
        let events = try await commit(eachStep, from: step * eachStep)
        let committed = clock.now
        commits.append(committed - start)
        for event in events.prefix(awaited) {
          tasks.addTask {
            try await receipt(of: event)
            return clock.now - committed
          }
        }
      }
      return try await tasks.reduce(into: []) { $0.append($1) }
    }
    let took = (clock.now - begin) / .seconds(1)
    let processor = (processorSeconds() - spent) / took * 100
    return Result(lines: [
      "\(Int(Double(steps * eachStep) / took)) events/s committed in \(took.rounded()) s, of "
        + "\(tenants) tenants; \(lateSteps) of \(steps) commits were late",
      "commit of \(eachStep) events at the producer: \(Times(commits).text)",
      "receipt after the commit, \(times.count) of them: \(Times(times).text)",
      "lockbox-audit took \(processor.rounded()) % of a core",
    ])
  }

  /// Of all threads of lockbox-audit, user and system.
  private func processorSeconds() -> Double {
    guard let id = process.processID else { return 0 }
    let fields = text(ofFile: "/proc/\(id)/stat").split(separator: " ")
    guard fields.count > 14, let user = Double(fields[13]), let system = Double(fields[14]) else {
      return 0
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
