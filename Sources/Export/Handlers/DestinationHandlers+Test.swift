internal import Domain
internal import LockboxProto
internal import LogFormats
internal import Outbound
internal import RPC
internal import ServiceKit

extension DestinationHandlers {
  /// Sends one message beside what goes on, whatever the state of the destination.
  func test(
    _ request: ExportV1.TestDestinationRequest, _ context: ServerContext
  ) async throws -> ExportV1.TestDestinationResponse {
    let tenant = try context.caller().logTenant(request.tenantID)
    let id = try DestinationID(field: request.destinationID)
    let (destination, keys) = try await store.readDeliveries { reader in
      (try reader.destination(id, of: tenant), try reader.keys(of: id))
    }
    let sender = try senders.sender(for: destination, keys: keys)
    let now = clock.now()
    let record = EntryRecord.test(
      id: EventID.make(at: now).description, tenant: tenant?.text ?? "", time: now)
    let outcome = await sender.send([record], isBeside: true).outcome
    await sender.close()
    return .init(outcome)
  }
}

extension ExportV1.TestDestinationResponse {
  fileprivate init(_ outcome: DeliveryOutcome) {
    switch outcome {
    case .delivered: self.init(delivered: true, result: "the message was delivered")
    case .failed(let reason, _), .refused(let reason): self.init(delivered: false, result: reason)
    case .gone: self.init(delivered: false, result: "the receiver answered 410: it is gone")
    }
  }
}
