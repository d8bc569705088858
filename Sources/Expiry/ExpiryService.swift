internal import Domain
internal import LockboxProto
internal import RPC
public import ServiceKit
internal import Storage

/// Expiry: when it ends.
public enum ExpiryService {
  /// Opens the store and puts the service together.
  public static func assemble(_ workbench: ServiceWorkbench) throws -> ServiceParts {
    assemble(
      workbench,
      store: try SQLiteExpiryStore(
        path: workbench.configuration.dataFile("expiry.db"), clock: workbench.clock,
        onFatal: workbench.onFatal))
  }

  static func assemble(
    _ workbench: ServiceWorkbench, store: SQLiteExpiryStore
  ) -> ServiceParts {
    let loop = FiringLoop(
      store: store, target: ApprovalsTarget(approvals: workbench.client(of: .approvals)),
      clock: workbench.clock, logger: workbench.logger)

    var parts = ServiceParts()
    parts.database = store.database
    parts.feed = store.database.feed
    parts.descriptors = [ExpiryV1.ExpiryService.descriptor]
    ExpiryHandlers(store: store, clock: workbench.clock, loop: loop).add(to: &parts.people)
    parts.loops = [ServiceParts.Loop("firing") { try await loop.run() }]
    parts.consumers = [
      workbench.consumer(of: .approvals) {
        try await store.read { try $0.cursor(of: ServiceName.approvals.rawValue) }
      } apply: { batch in
        try await store.write { transaction in
          for element in batch.elements { try transaction.applyApprovals(element.event) }
          try transaction.advanceCursor(of: batch.feed, from: batch.after, to: batch.last)
        }
        loop.deadlinesChanged()
      }
    ]
    return parts
  }
}
