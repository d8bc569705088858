internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Synchronization
internal import TestKit

/// Audit, as far as export knows it: its logs, over real TLS and HTTP/2.
final class FakeAudit: Sendable {
  private struct State {
    var records: [AuditV1.LogRecord] = []
    var waiting: [AsyncStream<Void>.Continuation] = []
  }

  private let state = Mutex(State())

  /// Adds the entries of a batch to the logs.
  func append(_ batch: LogBatch) {
    let waiting = state.withLock { state in
      state.records += batch.elements.map {
        .init(
          sequence: $0.sequence, tenantID: $0.tenant?.text ?? "", index: $0.index, event: $0.bytes)
      }
      return state.waiting
    }
    for continuation in waiting { continuation.yield() }
  }

  /// Changes what it says of an entry.
  func change(_ sequence: UInt64, _ body: (inout AuditV1.LogRecord) -> Void) {
    state.withLock { body(&$0.records[Int(sequence) - 1]) }
  }

  func start(in installation: TestInstallation) async throws -> RunningService {
    try await RunningService(.audit, in: installation, section: NoSettings.self) { _, _ in
      var parts = ServiceParts()
      parts.people = Self.people
      parts.service.unary(AuditV1.AuditService.awaitReceipt) { _, _ in .init() }
      parts.service.serverStreaming(AuditV1.LogFeedService.subscribeLogs) {
        request, responses, _ in
        try await self.serve(request, responses)
      }
      return parts
    }
  }

  private func serve(
    _ request: AuditV1.SubscribeLogsRequest,
    _ responses: ResponseWriter<AuditV1.SubscribeLogsResponse>
  ) async throws {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    state.withLock { $0.waiting.append(continuation) }
    continuation.yield()
    try await responses.sendHeaders()
    var position = Int(request.afterSequence)
    for await _ in stream {
      while true {
        let records = state.withLock { Array($0.records.dropFirst(position).prefix(3)) }
        if records.isEmpty { break }
        try await responses.send(.init(records: records))
        position += records.count
      }
    }
  }

  private static var people: Router {
    var router = Router()
    router.unary(AuditV1.AuditService.listEntries) { _, _ in .init() }
    router.serverStreaming(AuditV1.AuditService.tailEntries) { _, _, _ in }
    router.unary(AuditV1.AuditService.getStatistics) { _, _ in .init() }
    router.unary(AuditV1.AuditService.getCheckpoint) { _, _ in .init() }
    router.unary(AuditV1.AuditService.getInclusionProof) { _, _ in .init() }
    router.unary(AuditV1.AuditService.getConsistencyProof) { _, _ in .init() }
    return router
  }
}
