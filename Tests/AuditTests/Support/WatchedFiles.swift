internal import LogStore
internal import Synchronization

/// The machine's files, and which segments hold bytes that no sync has covered.
final class WatchedFiles: FileSystem {
  fileprivate struct State {
    /// By path: writes in all.
    var writes: [String: Int] = [:]
    /// By path: those of them that a sync has covered.
    var synced: [String: Int] = [:]
    var syncs = 0
  }

  private let files = PosixFileSystem()
  fileprivate let state = Mutex(State())

  /// Whether every write to every segment has been followed by a sync that returned.
  var isSynced: Bool {
    state.withLock { state in
      state.writes.allSatisfy { path, count in
        !path.hasSuffix(".seg") || state.synced[path] == count
      }
    }
  }

  /// Of segments.
  var syncs: Int { state.withLock { $0.syncs } }

  func open(
    _ path: String, creates: Bool, isReadOnly: Bool
  ) throws(SystemFault) -> any OpenFile {
    WatchedFile(
      try files.open(path, creates: creates, isReadOnly: isReadOnly), path: path, in: self)
  }

  func makeDirectory(_ path: String) throws(SystemFault) { try files.makeDirectory(path) }
  func list(_ directory: String) throws(SystemFault) -> [String] { try files.list(directory) }
  func rename(_ path: String, to other: String) throws(SystemFault) {
    try files.rename(path, to: other)
  }
  func remove(_ path: String) throws(SystemFault) { try files.remove(path) }
  func syncDirectory(_ path: String) throws(SystemFault) { try files.syncDirectory(path) }
  func lock(_ path: String) throws(SystemFault) -> any OpenFile { try files.lock(path) }
}

private final class WatchedFile: OpenFile {
  private let file: any OpenFile
  private let path: String
  private let files: WatchedFiles

  init(_ file: any OpenFile, path: String, in files: WatchedFiles) {
    self.file = file
    self.path = path
    self.files = files
  }

  func size() throws(SystemFault) -> UInt64 { try file.size() }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemFault) -> Int {
    try file.read(into: buffer, at: offset)
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemFault) -> Int {
    files.state.withLock { $0.writes[path, default: 0] += 1 }
    return try file.write(bytes, at: offset)
  }

  func syncData() throws(SystemFault) {
    // What is written while the sync runs may not be covered by it.
    let covered = files.state.withLock { $0.writes[path, default: 0] }
    try file.syncData()
    files.state.withLock { state in
      state.synced[path] = covered
      if path.hasSuffix(".seg") { state.syncs += 1 }
    }
  }

  func truncate(to size: UInt64) throws(SystemFault) { try file.truncate(to: size) }
}
