internal import Domain
internal import Glibc
internal import LockboxProto
internal import LogStore
internal import Logging
internal import RPC
public import ServiceKit
internal import Storage
internal import Web

/// The audit service: what happened.
public enum AuditService {
  /// Makes the service's parts; refuses where a log is not what its newest checkpoint says.
  public static func assemble(
    _ workbench: ServiceWorkbench, _ settings: AuditSettings
  ) async throws -> ServiceParts {
    try await assemble(workbench, settings, files: PosixFileSystem())
  }

  static func assemble(
    _ workbench: ServiceWorkbench, _ settings: AuditSettings, files: any FileSystem
  ) async throws -> ServiceParts {
    let log = try AuditLog(
      workbench.configuration, settings, files: files, onFatal: workbench.onFatal)
    for fault in log.store.log.report.found {
      workbench.logger.log(.warning, "recovered from an unclean stop", .error(fault))
    }
    do {
      return try await parts(of: log, workbench, settings)
    } catch {
      await log.store.log.close()
      throw (error as? LogFault)?.startError ?? (error as? LogStoreError)?.startError ?? error
    }
  }

  /// Makes every hash of every log again from the entries; for when the service is stopped.
  ///
  /// - Returns: what was checked, in one sentence.
  /// - Throws: `StartError`, naming the first entry that is not what was logged.
  public static func check(
    _ configuration: ServiceConfiguration, _ settings: AuditSettings
  ) async throws -> String? {
    try HTTPSListener.context(settings.https, configuration)
    for entry in settings.witnesses { _ = try Witness(entry) }
    let path = configuration.dataFile(AuditLog.directoryName)
    guard access(path, F_OK) == 0 else { return "there are no logs yet." }
    let log = try AuditLog(configuration, settings) { _ in }
    do {
      let report = try await log.check.everything()
      await log.store.log.close()
      if let fault = try LogStoreCheck(at: path).run(verify: log.isSigned).faults.first {
        throw LogStoreError.damaged(fault)
      }
      return "\(report.entries) entries in \(report.logs) logs are what was logged and signed."
    } catch {
      await log.store.log.close()
      throw (error as? LogFault)?.startError ?? (error as? LogStoreError)?.startError ?? error
    }
  }

  private static func parts(
    of log: AuditLog, _ workbench: ServiceWorkbench, _ settings: AuditSettings
  ) async throws -> ServiceParts {
    let store = log.store
    try await log.check.checkpoints()
    let arrivals = Arrivals()
    let signed = SignedLogs(store: store, origins: log.origins, key: log.key)
    let unsigned = UnsignedLogs(try await store.extents())
    let ingest = Ingest(store: store, arrivals: arrivals, unsigned: unsigned)
    let cosigned = try await log.cosignedCheckpoints(signed, workbench, settings)
    let receipts = Receipts(store: store, arrivals: arrivals, checkpoints: cosigned)
    let proofs = ProofHandlers(
      store: store, origins: log.origins, signed: signed, checkpoints: cosigned,
      receipts: receipts)

    var parts = ServiceParts()
    parts.descriptors = [
      AuditV1.AuditService.descriptor, AuditV1.LogFeedService.descriptor,
    ]
    EntryHandlers(store: store, arrivals: arrivals).add(to: &parts.people)
    proofs.add(to: &parts.people)
    proofs.addForServices(to: &parts.service)
    LogFeedHandlers(store: store, arrivals: arrivals).add(to: &parts.service)
    StatisticsHandler(store: store).add(to: &parts.people)
    parts.consumers = FeedName.consumed.map { feed in
      workbench.consumer(of: feed.service, cursor: { try await store.cursor(of: feed) }) { batch in
        try await ingest.log(EventBatch(batch, feed: feed))
      }
    }
    parts.loops = [
      ServiceParts.Loop("checkpoints") { [logger = workbench.logger] in
        while true {
          try await Task.sleep(for: settings.checkpointInterval)
          do {
            await cosigned.offer(try await unsigned.sign(with: signed))
          } catch {
            logger.log(.error, "a log could not be signed", .error(error))
          }
        }
      },
      ServiceParts.Loop("upkeep") { [logger = workbench.logger, clock = workbench.clock] in
        var upkeep = Upkeep(store: store, ingest: ingest, compressAfter: settings.compressAfter)
        while true {
          try await Task.sleep(for: settings.upkeepInterval)
          do {
            let done = try await upkeep.run(at: clock.now())
            if done != Upkeep.Done() {
              logger.log(
                .info, "the log was kept up", .count("dropped", done.dropped),
                .count("compressed", done.compressed))
            }
          } catch {
            logger.log(.error, "the log could not be kept up", .error(error))
          }
        }
      },
    ]
    parts.https = try HTTPSListener.make(
      settings.https, workbench,
      LogTiles(store: store, origins: log.origins, checkpoints: cosigned).routes)
    parts.close = {
      arrivals.finish()
      await cosigned.kept?.database.close()
      await store.log.close()
    }
    return parts
  }
}
