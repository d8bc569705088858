internal import MerkleLog
internal import Synchronization

/// Checks a store that nobody has open: every byte, every hash, every checkpoint.
public struct LogStoreCheck: Sendable {
  /// What was seen, and all that is wrong.
  public struct Report: Sendable, Hashable {
    public var segments = 0
    public var logs = 0
    public var entries: UInt64 = 0
    public var checkpoints = 0
    /// What cannot come from a crash. Empty: the store is what was logged and signed.
    public var faults: [LogStoreFault] = []
    /// Derived files that are made again at the next start.
    public var derived: [LogStoreFault] = []
    /// What a crash left behind, and the next start cuts off.
    public var tornTail: LogStoreFault?
  }

  /// Whether a checkpoint is signed by the log's own key.
  public typealias Verifier = (KeptCheckpoint) -> Bool

  private let files: any FileSystem
  private let paths: StorePaths

  public init(at path: String, files: any FileSystem = PosixFileSystem()) {
    self.files = files
    paths = StorePaths(root: path)
  }

  /// Whether a directory looks like a store.
  /// - Throws: `system` where it cannot be looked into.
  public static func isStore(
    at path: String, files: any FileSystem = PosixFileSystem()
  ) throws(LogStoreError) -> Bool {
    do throws(SystemFault) {
      return try files.list(path).contains("segments")
    } catch {
      throw .system(error)
    }
  }

  /// Changes nothing.
  ///
  /// - Throws: `inUse` and `system`; what is wrong with the store is in the report.
  public func run(verify: Verifier = { _ in true }) throws(LogStoreError) -> Report {
    let lock = try hold()
    defer { withExtendedLifetime(lock) {} }
    var recovery = Recovery(files: files, paths: paths, mode: .checking)
    var report = Report()
    do throws(LogStoreError) {
      try recovery.run()
    } catch {
      guard case .damaged(let fault) = error else { throw error }
      report.faults.append(fault)
    }
    report.segments = recovery.state.segments.count
    report.logs = recovery.state.logs.count
    report.entries = recovery.state.end.sequence
    report.derived = recovery.report.rebuilt
    report.tornTail = recovery.report.tornTail
    guard report.faults.isEmpty else { return report }
    let shared = StoreShared(
      files: files, paths: paths, blocks: recovery.blocks, recovery.state)
    for name in recovery.state.logs.map(\.name) {
      try check(LogSnapshot(shared, name), verify, &report)
    }
    return report
  }

  private func hold() throws(LogStoreError) -> any OpenFile {
    do throws(SystemFault) {
      return try files.lock(paths.lock)
    } catch {
      throw error.isHeldByAnother ? .inUse(path: paths.root) : .system(error)
    }
  }

  private func check(
    _ log: LogSnapshot, _ verify: Verifier, _ report: inout Report
  ) throws(LogStoreError) {
    for checkpoint in try log.checkpoints(limit: .max) {
      report.checkpoints += 1
      do throws(LogStoreError) {
        try log.check(checkpoint)
      } catch {
        guard case .damaged(let fault) = error else { throw error }
        report.faults.append(fault)
        return
      }
      guard verify(checkpoint) else {
        report.faults.append(
          LogStoreFault(
            file: "segments",
            reason: "the checkpoint of size \(checkpoint.size) of the log \"\(log.name)\" is not "
              + "signed by the log's key"))
        return
      }
    }
  }
}
