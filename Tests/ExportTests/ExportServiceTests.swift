internal import Domain
internal import LockboxProto
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Export

@Suite("The export service", .serialized)
struct ExportServiceTests {
  private static func start(in installation: TestInstallation) async throws -> RunningService {
    try await RunningService(
      .export, in: installation, section: ExportSettings.self, assemble: ExportService.assemble)
  }

  private static func status(_ service: RunningService) -> FeedStatus {
    service.instance.consumers[0]
  }

  @Test("it keeps every entry once, through restarts of both sides")
  func follows() async throws {
    let installation = try await TestInstallation()
    let audit = FakeAudit()
    var running = try await audit.start(in: installation)
    var export = try await Self.start(in: installation)
    var log = LogWriter(clock: installation.clock)
    for round in 0..<4 {
      for _ in 0..<5 {
        audit.append(log.batch([(.contoso, .general), (nil, .general), (.contoso, .decision)]))
      }
      let position = log.sequence
      #expect(await eventually { Self.status(export).position == position })
      #expect(Self.status(export).phase == .subscribed)
      try await export.stop()
      if round == 1 {
        try await running.stop()
        running = try await audit.start(in: installation)
      }
      export = try await Self.start(in: installation)
    }
    try await export.stop()
    try await running.stop()

    let store = try SQLiteExportStore(
      path: installation.directory.file("export-data/export.db"), clock: installation.clock
    ) { Issue.record("\($0)") }
    let entries = try await store.read {
      try $0.entries(after: 0, limit: 1_000, maximumBytes: .max)
    }
    #expect(entries.map(\.sequence) == (1...60).map { $0 })
    let blobs = try await store.read {
      try $0.blobs(.exchange, of: .contoso, afterIndex: nil, limit: 1_000)
    }
    var kept = 0
    for blob in blobs { kept += try await store.read { try $0.entries(of: blob).count } }
    #expect(kept == 20)
    await store.database.close()
  }

  enum Fault: CaseIterable {
    case gap, otherTenant, noEvent
  }

  @Test("what is not the log stops it, and its health says so", arguments: Fault.allCases)
  func stops(fault: Fault) async throws {
    let installation = try await TestInstallation()
    let audit = FakeAudit()
    var log = LogWriter(clock: installation.clock)
    audit.append(log.batch([(.contoso, .general), (.contoso, .general)]))
    audit.change(2) { record in
      switch fault {
      case .gap: record.sequence = 3
      case .otherTenant: record.tenantID = "fabrikam"
      case .noEvent: record.event = [0xff]
      }
    }
    let running = try await audit.start(in: installation)
    let export = try await Self.start(in: installation)
    let isStopped = await eventually {
      if case .stopped = Self.status(export).phase { return true }
      return false
    }
    #expect(isStopped)
    #expect(Self.status(export).position == 0)
    try await export.stop()
    try await running.stop()
  }

  @Test("an entry whose body was dropped leaves its place and is in no blob")
  func dropped() async throws {
    let installation = try await TestInstallation()
    let audit = FakeAudit()
    var log = LogWriter(clock: installation.clock)
    audit.append(log.batch([(.contoso, .general), (.contoso, .general), (.contoso, .general)]))
    audit.change(2) { $0.event = [] }
    let running = try await audit.start(in: installation)
    let export = try await Self.start(in: installation)
    #expect(await eventually { Self.status(export).position == 3 })
    try await export.stop()
    try await running.stop()
  }

  @Test("production does not tell private addresses")
  func production() async throws {
    let installation = try await TestInstallation()
    let error = #expect(throws: StartError.self) {
      try installation.configuration(
        of: .export, section: ExportSettings.self,
        flags: ["environment=production", "webhooks.allow_private_addresses=true"])
    }
    #expect(error?.sentence.contains("webhooks.allow_private_addresses") == true)
  }
}
