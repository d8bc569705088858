internal import Domain
internal import LockboxProto
internal import RPC
public import ServiceKit
internal import Storage

/// Intake: what was asked.
public enum IntakeService {
  /// Opens the store and puts the service together.
  public static func assemble(_ workbench: ServiceWorkbench) throws -> ServiceParts {
    assemble(workbench, store: try openStore(workbench), watchers: Watchers())
  }

  static func openStore(_ workbench: ServiceWorkbench) throws -> SQLiteIntakeStore {
    try SQLiteIntakeStore(
      path: workbench.configuration.dataFile("intake.db"), clock: workbench.clock,
      onFatal: workbench.onFatal)
  }

  static func assemble(
    _ workbench: ServiceWorkbench, store: SQLiteIntakeStore, watchers: Watchers
  ) -> ServiceParts {
    let lifetimes: LifetimeRules =
      workbench.configuration.environment == .development ? .development : .production

    var parts = ServiceParts()
    parts.database = store.database
    parts.feed = store.database.feed
    parts.descriptors = [IntakeV1.IntakeService.descriptor]
    IntakeHandlers(
      store: store, clock: workbench.clock, shortestAccess: lifetimes.access.lowerBound
    ).add(to: &parts.people)
    ReadHandlers(store: store, clock: workbench.clock, watchers: watchers)
      .add(to: &parts.people)
    parts.consumers = [
      workbench.consumer(of: .approvals) {
        try await store.read { try $0.cursor(of: ServiceName.approvals.rawValue) }
      } apply: { batch in
        let changed = try await store.write { transaction in
          let changed = try batch.elements.compactMap {
            try transaction.applyApprovals($0.event)
          }
          try transaction.advanceCursor(of: batch.feed, from: batch.after, to: batch.last)
          return changed
        }
        watchers.notify(Set(changed))
      }
    ]
    return parts
  }
}
