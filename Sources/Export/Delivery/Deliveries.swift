internal import LockboxProto
internal import Outbound
internal import ServiceKit

/// What sends logs to destinations, and what people manage them with.
struct Deliveries: Sendable {
  private let engine: DeliveryEngine
  private let destinations: DestinationHandlers
  private let deadLetters: DeadLetterHandlers

  init(_ store: any DeliveryStore, _ workbench: ServiceWorkbench, _ settings: ExportSettings) {
    let senders = SenderFactory(
      authorities: settings.webhookAuthorities,
      directory: workbench.configuration.dataDirectory,
      addressGuard: settings.allowsPrivateWebhooks ? .everything : AddressGuard(),
      hostname: HostName.own, clock: workbench.clock)
    engine = DeliveryEngine(
      store: store, senders: senders, clock: workbench.clock, policy: RetryPolicy(),
      logger: workbench.logger)
    destinations = DestinationHandlers(
      store: store, senders: senders, engine: engine, clock: workbench.clock)
    deadLetters = DeadLetterHandlers(store: store, engine: engine)
    workbench.metrics.add { [counts = engine.counts] in counts.write(to: &$0) }
  }

  func add(to parts: inout ServiceParts) {
    parts.descriptors.append(ExportV1.ExportService.descriptor)
    destinations.add(to: &parts.people)
    deadLetters.add(to: &parts.people)
    parts.loops.append(ServiceParts.Loop("deliveries") { [engine] in try await engine.run() })
  }

  /// Call it after a batch of entries was kept.
  func entriesArrived(_ batch: LogBatch) {
    engine.entriesArrived(in: Set(batch.elements.map(\.tenant)))
  }
}
