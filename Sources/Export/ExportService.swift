internal import Domain
public import ServiceKit
internal import Storage

/// Export: what was logged, handed on to those who watch.
///
/// It reads audit's log and cannot change it; what it keeps is a copy for some days.
public enum ExportService {
  /// Opens the store and puts the service together.
  public static func assemble(
    _ workbench: ServiceWorkbench, _ settings: ExportSettings
  ) throws -> ServiceParts {
    let store = try SQLiteExportStore(
      path: workbench.configuration.dataFile("export.db"), clock: workbench.clock,
      onFatal: workbench.onFatal)
    let newEntries = NewEntries()
    let retention = RetentionLoop(
      store: store, clock: workbench.clock, retention: settings.retention)

    var parts = ServiceParts()
    parts.database = store.database
    parts.feed = store.database.feed
    parts.consumers = [
      workbench.consumerOfLogs {
        try await store.read { try $0.cursor() }
      } apply: { batch in
        try await store.write { try $0.apply(batch) }
        newEntries.announce()
      }
    ]
    parts.loops = [ServiceParts.Loop("retention") { try await retention.run() }]
    return parts
  }
}
