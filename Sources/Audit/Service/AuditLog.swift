internal import Domain
internal import MerkleLog
internal import ServiceKit
internal import Storage

/// The log as it stands on disk, with the key that signs it: what both the service and the check
/// begin with.
struct AuditLog: Sendable {
  let store: SQLiteAuditStore
  let origins: Origins
  let key: SigningKey

  static let fileName = "audit.db"

  /// - Throws: `StartError` for settings and key, `StorageError` for the database.
  init(
    _ configuration: ServiceConfiguration, _ settings: AuditSettings, clock: any WallClock,
    onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    guard let origins = Origins(prefix: settings.originPrefix) else {
      throw StartError.configuration(
        "`audit.origin_prefix` is `\(settings.originPrefix)`, which no checkpoint may begin with.")
    }
    self.origins = origins
    do {
      key = try SigningKey(contentsOf: settings.signingKey)
    } catch {
      throw StartError.configuration("`audit.signing_key` cannot be used: \(error).")
    }
    store = try SQLiteAuditStore(
      path: configuration.dataFile(Self.fileName), clock: clock, onFatal: onFatal)
  }

  var check: LogCheck { LogCheck(store: store, origins: origins, key: key) }
}

extension LogFault {
  /// The sentence that stops the service.
  var startError: StartError {
    StartError(
      .inputOutput,
      """
      The audit log is not what it has signed: \(self); restore the database from a backup or \
      find out who changed it.
      """)
  }
}
