internal import Domain
internal import Glibc
internal import LogStore
internal import MerkleLog
internal import ServiceKit
internal import Storage

/// The log as it stands on disk, with the key that signs it: what both the service and the check
/// begin with.
struct AuditLog: Sendable {
  let store: LogAuditStore
  let origins: Origins
  let key: SigningKey

  static let directoryName = "log"
  /// What a version before the log had files of its own has left.
  private static let formerFileName = "audit.db"

  /// - Throws: `StartError`.
  init(
    _ configuration: ServiceConfiguration, _ settings: AuditSettings,
    files: any FileSystem = PosixFileSystem(),
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
    let former = configuration.dataFile(Self.formerFileName)
    guard access(former, F_OK) != 0 else {
      throw StartError.configuration(
        """
        `\(former)` is an audit log of a version that kept it in SQLite, which this one cannot go \
        on with: keep it for its entries and give `data_directory` an empty directory.
        """)
    }
    let path = configuration.dataFile(Self.directoryName)
    do {
      store = try LogAuditStore(path: path, files: files) {
        onFatal(StorageError($0, path: path))
      }
    } catch let error as LogStoreError {
      throw error.startError
    }
  }

  /// Whether the log's own key has signed a kept checkpoint.
  func isSigned(_ checkpoint: KeptCheckpoint) -> Bool {
    guard let log = LogName(tenantID: checkpoint.log) else { return false }
    let own = NoteVerifier(name: origins.origin(of: log), key: key.publicKey)
    return (try? SignedNote(parsing: checkpoint.note).verify([own])) != nil
  }

  var check: LogCheck { LogCheck(store: store, origins: origins, key: key) }
}

extension LogFault {
  /// The sentence that stops the service.
  var startError: StartError {
    StartError(
      .inputOutput,
      """
      The audit log is not what it has signed: \(self); restore its files from a backup or \
      find out who changed it.
      """)
  }
}

extension LogStoreError {
  /// The sentence that stops the service.
  var startError: StartError {
    switch self {
    case .inUse(let path):
      StartError(
        .unavailable, "\(path): another process uses this log. Stop the other process.")
    case .damaged(let fault):
      StartError(
        .inputOutput,
        """
        The audit log is not what was logged: \(fault); restore its files from a backup or find \
        out who changed it.
        """)
    default: StartError(.inputOutput, "The audit log cannot be opened: \(self).")
    }
  }
}

extension StorageError {
  /// What ends the service while it writes.
  fileprivate init(_ error: LogStoreError, path: String) {
    var kind = Kind.io
    if case .system(let fault) = error, fault.code == ENOSPC || fault.code == EDQUOT {
      kind = .full
    }
    self.init(kind, message: error.description, while: "writing the log", path: path)
  }
}
