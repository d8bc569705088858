internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto

/// The dead letters of `lockbox.export.v1.ExportService`.
struct DeadLetterHandlers: Sendable {
  let store: any DeliveryStore
  let engine: DeliveryEngine

  /// Indexes in one call.
  static let mostIndexes = 500

  func add(to router: inout Router) {
    router.unary(ExportV1.ExportService.listDeadLetters, list)
    router.unary(ExportV1.ExportService.retryDeadLetters, retry)
  }

  private func list(
    _ request: ExportV1.ListDeadLettersRequest, _ context: ServerContext
  ) async throws -> ExportV1.ListDeadLettersResponse {
    let tenant = try context.caller().logTenant(request.tenantID)
    let id = try DestinationID(field: request.destinationID)
    let page = try PageRequest(
      size: request.pageSize, token: request.pageToken,
      query: ["dead letters", request.tenantID, request.destinationID])
    let from = try page.after.map { key in
      guard let text = String(validating: key, as: UTF8.self), let index = UInt64(text),
        index < UInt64(Int64.max)
      else { throw RPCError.badPageToken }
      return index + 1
    }
    let letters = try await store.readDeliveries { reader in
      _ = try reader.destination(id, of: tenant)
      return try reader.deadLetters(of: id, from: from ?? 0, limit: page.size + 1)
    }
    let (shown, next) = page.cut(letters) { Array("\($0.index)".utf8) }
    return .init(deadLetters: shown.map { .init($0) }, nextPageToken: next)
  }

  private func retry(
    _ request: ExportV1.RetryDeadLettersRequest, _ context: ServerContext
  ) async throws -> ExportV1.RetryDeadLettersResponse {
    let caller = try context.caller()
    let tenant = try caller.logTenant(request.tenantID)
    let id = try DestinationID(field: request.destinationID)
    var violations = Violations()
    violations.count(request.indexes.count, "indexes", in: 0...Self.mostIndexes)
    violations.require(
      request.indexes.allSatisfy { $0 <= UInt64(Int64.max) }, "indexes", "are no indexes of a log")
    try violations.check()
    let origin = EventOrigin(caller, in: context)
    let count = try await store.writeDeliveries { transaction in
      let destination = try transaction.destination(id, of: tenant)
      let marked = try transaction.retryDeadLetters(
        request.indexes.isEmpty ? nil : request.indexes, of: id)
      if marked.count > 0 {
        try transaction.tell(
          of: destination, .retried, marked.first...marked.last, count: marked.count, by: origin)
      }
      return marked.count
    }
    engine.destinationsChanged()
    return .init(retried: count)
  }
}

extension ExportV1.DeadLetter {
  fileprivate init(_ letter: StoredDeadLetter) {
    let event = try? EventV1.Event(serialized: letter.event, limits: .response)
    self.init(
      index: letter.index, eventID: event?.eventID ?? "", time: event?.time,
      giveUpTime: .init(letter.givenUp), attempts: UInt32(clamping: letter.attempts),
      lastFailure: letter.lastFailure, retrying: letter.isRetrying)
  }
}
