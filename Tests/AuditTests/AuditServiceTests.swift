internal import Domain
internal import Files
internal import Glibc
internal import LockboxProto
internal import LogStore
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Audit

/// The whole service over TLS and HTTP/2, behind a feed of its own kind.
@Suite("The running audit service", .serialized)
struct AuditServiceTests {
  private let installation: TestInstallation
  private let key = SigningKey.generate()

  init() async throws {
    installation = try await TestInstallation()
    installation.directory.write("log-key.pem", key.pem)
    #expect(chmod(installation.directory.file("log-key.pem"), 0o600) == 0)
  }

  private func audit(
    files: any FileSystem = PosixFileSystem()
  ) async throws -> RunningService {
    try await RunningService(
      .audit, in: installation, section: AuditSettings.self,
      more: "audit: {origin_prefix: log.example/lockbox, signing_key: log-key.pem}"
    ) { try await AuditService.assemble($0, $1, files: files) }
  }

  /// Expiry, with nothing but a feed.
  private func expiry() async throws -> (RunningService, Database) {
    let clock = installation.clock
    let database = try Database(
      at: installation.directory.file("expiry.db"),
      DatabaseOptions(program: "expiry", applicationID: 7), migrations: [],
      clock: { clock.now().nanoseconds }, onFatal: { preconditionFailure("\($0)") })
    let service = try await RunningService(
      .expiry, in: installation, section: NoSettings.self
    ) { _, _ in
      var parts = ServiceParts()
      parts.people.unary(ExpiryV1.ExpiryService.listDeadlines) { _, _ in .init() }
      parts.people.unary(ExpiryV1.ExpiryService.getExpiryStatus) { _, _ in .init() }
      parts.database = database
      parts.feed = database.feed
      return parts
    }
    return (service, database)
  }

  /// Adds an event to expiry's feed.
  private func fire(_ database: Database, _ tenant: String) async throws -> EventDraft {
    let draft = EventDraft(
      time: installation.clock.now(), tenant: TenantID(tenant), request: nil, origin: .system(),
      payload: .deadlineFired(.init(stage: 1)))
    _ = try await database.write { transaction in
      try transaction.append { try draft.serialized(feed: "expiry", sequence: $0) }
    }
    return draft
  }

  private func receipt(
    _ client: RPCClient, of event: EventDraft, in tenant: String, within timeout: Duration
  ) async throws -> CommonV1.Receipt? {
    try await client.unary(
      AuditV1.AuditService.awaitReceipt,
      .init(tenantID: tenant, eventID: event.id.description),
      options: CallOptions(timeout: timeout)
    ).receipt
  }

  @Test("an event of a feed gets a receipt that holds offline, and nobody else's tenant sees it")
  func receipts() async throws {
    let (expiry, database) = try await expiry()
    let audit = try await audit()
    let approvals = try installation.client(
      of: audit.addresses.service, as: .approvals, expecting: .audit)
    let event = try await fire(database, "contoso")
    let message = try #require(
      try await receipt(approvals, of: event, in: "contoso", within: .seconds(30)))
    #expect(try EventV1.Event(serialized: message.entry).eventID == event.id.description)
    let origin = try #require(KeyName("log.example/lockbox/contoso"))
    #expect(message.origin == origin.rawValue)
    let receipt = Receipt(
      index: message.index, inclusionProof: message.inclusionProof.compactMap { Hash($0) },
      checkpoint: message.checkpoint)
    let checkpoint = try receipt.verify(
      entry: message.entry, origin: origin,
      verifiers: [NoteVerifier(name: origin, key: key.publicKey)])
    #expect(checkpoint.size == 1)

    let late = await #expect(throws: RPCError.self) {
      try await self.receipt(approvals, of: event, in: "fabrikam", within: .milliseconds(200))
    }
    #expect(late?.code == .deadlineExceeded)

    let people = try installation.client(of: audit.addresses.people, as: nil, expecting: .audit)
    let auditor = installation.bearer(installation.contoso, "anna", [.auditor])
    let page = try await people.unary(
      AuditV1.AuditService.listEntries, .init(tenantID: "contoso"), options: auditor)
    #expect(page.entries.map(\.event) == [message.entry])
    let foreign = await #expect(throws: RPCError.self) {
      try await people.unary(
        AuditV1.AuditService.listEntries, .init(tenantID: "fabrikam"), options: auditor)
    }
    #expect(foreign?.code == .notFound)
    await people.shutdown()
    await approvals.shutdown()
    try await audit.stop()
    try await expiry.stop()
  }

  @Test("no receipt is given before what it says is synced: 1,000 of 1,000")
  func syncedReceipts() async throws {
    let (expiry, database) = try await expiry()
    let files = WatchedFiles()
    let audit = try await audit(files: files)
    let approvals = try installation.client(
      of: audit.addresses.service, as: .approvals, expecting: .audit)
    var synced = 0
    for index in 0..<UInt64(1_000) {
      let event = try await fire(database, "contoso")
      let receipt = try #require(
        try await receipt(approvals, of: event, in: "contoso", within: .seconds(30)))
      // Nothing else is written: what is not synced now would be the receipt's.
      if files.isSynced && receipt.index == index { synced += 1 }
    }
    #expect(synced == 1_000)
    // The entry and the checkpoint of each, and the service's own start.
    #expect(files.syncs >= 2_000)
    await approvals.shutdown()
    try await audit.stop()
    try await expiry.stop()
  }

  @Test("a tail follows the log through the service, and ends when it drains")
  func tail() async throws {
    let (expiry, database) = try await expiry()
    let audit = try await audit()
    let people = try installation.client(of: audit.addresses.people, as: nil, expecting: .audit)
    let responses = people.serverStreaming(
      AuditV1.AuditService.tailEntries, .init(tenantID: "contoso"),
      options: installation.bearer(installation.contoso, "anna", [.auditor]))
    _ = try await responses.metadata
    var iterator = responses.makeAsyncIterator()
    for index in 0..<UInt64(5) {
      _ = try await fire(database, "fabrikam")
      let event = try await fire(database, "contoso")
      let entry = try #require(try await iterator.next()?.entries.first)
      #expect(entry.index == index)
      #expect(try EventV1.Event(serialized: entry.event).eventID == event.id.description)
    }
    try await audit.stop()
    await #expect(throws: RPCError.self) { while try await iterator.next() != nil {} }
    await people.shutdown()
    try await expiry.stop()
  }

  @Test("the log goes on after a restart; one that was changed meanwhile does not start again")
  func restart() async throws {
    let (expiry, database) = try await expiry()
    var audit = try await audit()
    for index in 0..<UInt64(3) {
      let approvals = try installation.client(
        of: audit.addresses.service, as: .approvals, expecting: .audit)
      let event = try await fire(database, "contoso")
      let found = try await receipt(approvals, of: event, in: "contoso", within: .seconds(30))
      #expect(found?.index == index)
      await approvals.shutdown()
      try await audit.stop()
      if index < 2 { audit = try await self.audit() }
    }
    let (configuration, settings) = try installation.configuration(
      of: .audit, section: AuditSettings.self,
      more: "audit: {origin_prefix: log.example/lockbox, signing_key: log-key.pem}")
    let sentence = try await AuditService.check(configuration, settings)
    #expect(sentence == "3 entries in 1 logs are what was logged and signed.")

    let segment = configuration.dataFile("log/segments/0000000000.seg")
    var bytes = try File.read(segment)
    // Within the first batch.
    bytes[120] ^= 1
    installation.directory.write("changed.seg", bytes)
    #expect(rename(installation.directory.file("changed.seg"), segment) == 0)
    let checked = await #expect(throws: StartError.self) {
      try await AuditService.check(configuration, settings)
    }
    #expect(
      checked?.sentence.contains("segments/0000000000.seg at byte 64, entry 0 of the store") == true
    )
    let refused = await #expect(throws: StartError.self) { try await self.audit() }
    #expect(refused?.exitCode == .inputOutput)
    #expect(refused?.sentence.contains("bytes of the batch were changed") == true)
    let former = configuration.dataFile("audit.db")
    installation.directory.write("audit.db", [])
    #expect(rename(installation.directory.file("audit.db"), former) == 0)
    let old = await #expect(throws: StartError.self) { try await self.audit() }
    #expect(old?.exitCode == .configuration && old?.sentence.contains(former) == true)
    try await expiry.stop()
  }
}
