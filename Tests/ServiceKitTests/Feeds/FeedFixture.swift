internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Storage
internal import Synchronization
internal import TestKit

/// A producer (intake) whose feed a consumer (audit) follows, over real TLS and HTTP/2.
final class FeedFixture: Sendable {
  let installation: TestInstallation
  /// What the consumer has applied, in order.
  let applied = Mutex<[UInt64]>([])

  init() async throws { installation = try await TestInstallation() }

  func database(_ name: String) throws -> Database {
    try Database(
      at: installation.directory.file("\(name).db"),
      DatabaseOptions(program: name, applicationID: 7), migrations: [],
      clock: { [clock = installation.clock] in clock.now().nanoseconds },
      onFatal: { preconditionFailure("\($0)") })
  }

  /// Starts intake with a feed of this database, listening where it did before.
  func producer(_ database: Database) async throws -> RunningService {
    try await RunningService(.intake, in: installation, section: NoSettings.self) { _, _ in
      var parts = ServiceParts()
      parts.people = .stub(.intake)
      parts.database = database
      parts.feed = database.feed
      return parts
    }
  }

  /// Starts audit, which follows intake's feed.
  func consumer(_ database: Database, more: String = "") async throws -> RunningService {
    try await RunningService(
      .audit, in: installation, section: NoSettings.self, more: more
    ) { bench, _ in
      var parts = ServiceParts()
      parts.people = .stub(.audit)
      parts.service = .stubService(.audit)
      parts.database = database
      parts.consumers = [
        bench.consumer(
          of: .intake, cursor: { try await database.read { try $0.cursor(of: "intake") } },
          apply: { [self] batch in
            try await database.write { transaction in
              try transaction.advanceCursor(of: batch.feed, from: batch.after, to: batch.last)
            }
            applied.withLock { $0 += batch.elements.map(\.sequence) }
          })
      ]
      return parts
    }
  }

  /// Adds events to a feed.
  func append(_ count: Int, to database: Database, named name: String = "intake") async throws {
    let time = installation.clock.now()
    for _ in 0..<count {
      try await database.write { transaction in
        _ = try transaction.append { sequence in
          try EventDraft(
            time: time, tenant: nil, request: nil, origin: .system(),
            payload: .withdrawalReceived(.init(comment: "c\(sequence)"))
          ).serialized(feed: name, sequence: sequence)
        }
      }
    }
  }

  var sequences: [UInt64] { applied.withLock { $0 } }

  /// Waits until so many events are applied.
  func haveApplied(_ count: Int) async -> Bool {
    await eventually { self.sequences.count >= count }
  }

  func status(_ service: RunningService) -> FeedStatus { service.instance.consumers[0] }
}

extension Router {
  /// Every method of a service for people, none of which does anything.
  static func stub(_ service: ServiceName) -> Router {
    var router = Router()
    switch service {
    case .intake:
      router.unary(IntakeV1.IntakeService.submitAccessRequest) { _, _ in .init() }
      router.unary(IntakeV1.IntakeService.withdrawAccessRequest) { _, _ in .init() }
      router.unary(IntakeV1.IntakeService.getAccessRequest) { _, _ in throw Refusal.notDue }
      router.unary(IntakeV1.IntakeService.listAccessRequests) { _, _ in .init() }
      router.serverStreaming(IntakeV1.IntakeService.watchAccessRequest) { _, responses, _ in
        try await responses.sendHeaders()
        try await Task.sleep(for: .seconds(3600))
      }
    case .audit:
      router.unary(AuditV1.AuditService.listEntries) { _, _ in .init() }
      router.serverStreaming(AuditV1.AuditService.tailEntries) { _, _, _ in }
      router.unary(AuditV1.AuditService.getStatistics) { _, _ in .init() }
      router.unary(AuditV1.AuditService.getCheckpoint) { _, _ in .init() }
      router.unary(AuditV1.AuditService.getInclusionProof) { _, _ in .init() }
      router.unary(AuditV1.AuditService.getConsistencyProof) { _, _ in .init() }
    case .approvals, .expiry, .export, .notify, .gate: break
    }
    return router
  }

  static func stubService(_ service: ServiceName) -> Router {
    var router = Router()
    if service == .audit {
      router.unary(AuditV1.AuditService.awaitReceipt) { _, _ in .init() }
      router.serverStreaming(AuditV1.LogFeedService.subscribeLogs) { _, _, _ in }
    }
    return router
  }
}
