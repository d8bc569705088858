internal import Domain
internal import LockboxProto
internal import LogStore
internal import MerkleLog
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

/// lockbox-audit as a process whose writes and syncs strace lets fail, behind a feed of the
/// test's own.
// Break: LogStore/Write/Writer.swift, `commit`: acknowledge before `write`; or
// Audit/Checkpoints/SignedLogs.swift, `sign`: give the results before `save`.
@Suite("Faults of the audit service's writes", .serialized)
struct FaultTests {
  @Test(
    "whatever write or sync fails once, no receipt given before is contradicted",
    arguments: ["pwrite64", "fdatasync"], ["signal=KILL", "error=EIO", "error=ENOSPC"])
  func faults(call: String, fault: String) async throws {
    guard await isTraceable() else { return }
    let stage = try await AuditStage()
    // Of one thread's calls: the service's start, then an entry, its checkpoint, and so on.
    for occurrence in [1, 2, 5, 8] {
      let what = "\(call) \(fault) \(occurrence)"
      var receipts: [CommonV1.Receipt] = []
      var run = stage.start(
        tracing: ["-e", "trace=\(call)", "-e", "inject=\(call):\(fault):when=\(occurrence)"])
      for _ in 0..<12 {
        guard let receipt = try await stage.receipt(run, within: .seconds(20)) else { break }
        receipts.append(receipt)
      }
      // It ends by itself: what it could not write it must not acknowledge.
      #expect(await run.process.end() != nil, "\(what)")
      #expect(receipts.count < 12, "\(what)")
      await run.client.shutdown()
      try await stage.expectHeld(receipts, what)

      run = stage.start()
      let next = try #require(try await stage.receipt(run, within: .seconds(60)), "\(what)")
      #expect(next.index >= UInt64(receipts.count), "\(what)")
      receipts.append(next)
      #expect(await run.process.terminate() == .exited(0), "\(what)")
      await run.client.shutdown()
      try await stage.expectHeld(receipts, what)
    }
    try await stage.stop()
  }

  /// Says why these tests are left out where strace is not there or may not trace.
  private func isTraceable() async -> Bool {
    let words = "strace -f -qq -o /dev/null -e trace=write true"
    let attempt = ChildProcess(
      "/usr/bin/env", words.split(separator: " ").map(String.init), output: "/dev/null")
    let works = await attempt.end() == .exited(0)
    if !works { print("skipped: strace is missing or may not trace here") }
    return works
  }
}

/// A feed, and a place where lockbox-audit starts again and again.
private final class AuditStage: Sendable {
  struct Run {
    let process: ChildProcess
    let client: RPCClient
  }

  private let installation: TestInstallation
  private let database: Database
  private let producer: RunningService
  private let file: String
  private let address = Address(
    host: "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).9", port: 7_504)

  init() async throws {
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
    let (certificate, key) = installation.pki.files(of: .audit)
    file = installation.directory.write(
      "audit.yaml",
      """
      environment: development
      trust_domain: \(TestPKI.trustDomain)
      data_directory: audit-data
      issuers: issuers.yaml
      tls: {certificate: \(certificate), key: \(key), authorities: \(installation.pki.authorities)}
      people_listener: {address: "\(address.host):7404"}
      service_listener: {address: "\(address)"}
      metrics: {address: "\(address.host):7604"}
      peers: {expiry: "\(producer.addresses.service)"}
      audit: {origin_prefix: log.example/faults, signing_key: log.key}
      """ + "\n")
  }

  /// - Parameter tracing: what strace lets fail; the program stays this process's own child.
  func start(tracing: [String] = []) -> Run {
    let program = ["\(buildDirectory)/lockbox-audit", "--config", file]
    let words =
      tracing.isEmpty
      ? program
      : ["/usr/bin/env", "strace", "-D", "-f", "-qq", "-o", "/dev/null"] + tracing + program
    let process = ChildProcess(
      words[0], Array(words.dropFirst()), output: installation.directory.file("audit.out"))
    guard
      let client = try? installation.client(of: address, as: .approvals, expecting: .audit)
    else { preconditionFailure("no client") }
    return Run(process: process, client: client)
  }

  func stop() async throws { try await producer.stop() }

  /// Fires an event and waits for its receipt; nil when the service ends instead.
  func receipt(_ run: Run, within limit: Duration) async throws -> CommonV1.Receipt? {
    let draft = EventDraft(
      time: SystemClock().now(), tenant: TenantID("contoso"), request: nil, origin: .system(),
      payload: .deadlineFired(.init(stage: 1)))
    _ = try await database.write { transaction in
      try transaction.append { try draft.serialized(feed: "expiry", sequence: $0) }
    }
    var options = CallOptions(timeout: limit)
    options.waitForReady = true
    let (asked, client) = (options, run.client)
    return try await withThrowingTaskGroup(of: CommonV1.Receipt?.self) { tasks in
      tasks.addTask {
        try? await client.unary(
          AuditV1.AuditService.awaitReceipt,
          .init(tenantID: "contoso", eventID: draft.id.description), options: asked
        ).receipt
      }
      tasks.addTask {
        _ = await eventually(within: limit) { Task.isCancelled || run.process.ending() != nil }
        return nil
      }
      let first = try await tasks.next() ?? nil
      tasks.cancelAll()
      return first
    }
  }

  /// Checks the files of the stopped service: whole, and with every entry and every signed tree that
  /// a receipt has told of.
  func expectHeld(_ receipts: [CommonV1.Receipt], _ what: String) async throws {
    let path = installation.directory.file("audit-data/log")
    guard (try? LogStoreCheck.isStore(at: path)) == true else {
      #expect(receipts.isEmpty, "\(what)")
      return
    }
    let report = try LogStoreCheck(at: path).run()
    #expect(report.faults.isEmpty, "\(what): \(report.faults)")
    let store = try LogStore(at: path) { Issue.record("\($0)") }
    let log = store.log("contoso")
    for receipt in receipts {
      #expect(try log.entry(at: receipt.index)?.body == receipt.entry, "\(what)")
      let signed = try Checkpoint(parsing: SignedNote(parsing: receipt.checkpoint).text)
      guard signed.size <= log.size else {
        Issue.record("\(what): \(log.size) entries, \(signed.size) were signed")
        continue
      }
      let root = try TreeRoot.compute(size: signed.size, nodes: log.hash(of:))
      #expect(root == signed.root, "\(what)")
    }
    await store.close()
  }
}
