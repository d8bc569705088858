internal import Domain
internal import ServiceKit
internal import Storage

extension AuditLog {
  private static let cosignaturesName = "cosignatures.db"

  /// The checkpoints of the logs with the witnesses that the configuration names.
  ///
  /// - Throws: `StartError` also where a witness has seen more of a log than there is: whoever
  ///   restored an old copy would fork the log by going on.
  func cosignedCheckpoints(
    _ signed: SignedLogs, _ workbench: ServiceWorkbench, _ settings: AuditSettings
  ) async throws -> CosignedCheckpoints {
    let witnesses = try settings.witnesses.map { entry throws(StartError) in try Witness(entry) }
    var kept: CosignatureStore?
    if !witnesses.isEmpty {
      let path = workbench.configuration.dataFile(Self.cosignaturesName)
      let store = try CosignatureStore(
        path: path, clock: workbench.clock, onFatal: workbench.onFatal)
      do {
        try await checkAgainst(store)
      } catch {
        await store.database.close()
        throw error
      }
      kept = store
    }
    return CosignedCheckpoints(
      store: store, signed: signed, witnesses: witnesses, kept: kept, logger: workbench.logger)
  }

  private func checkAgainst(_ cosignatures: CosignatureStore) async throws {
    for (name, size) in try await cosignatures.sizes() {
      guard let log = LogName(tenantID: name) else { continue }
      let own = try await store.read(log) { try $0.size() }
      guard own < size else { continue }
      throw StartError(
        .inputOutput,
        """
        Witnesses have cosigned \(log) with \(size) entries, but it has \(own): restore its newest \
        files; going on from these would fork the log.
        """)
    }
  }
}
