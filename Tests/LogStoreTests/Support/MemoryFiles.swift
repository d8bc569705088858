internal import Glibc
internal import Synchronization

@testable internal import LogStore

/// Files in memory that keep apart what was synced and what was only written, let a chosen call
/// fail, and show what a crash leaves.
final class MemoryFiles: FileSystem {
  struct Write {
    let offset: Int
    let bytes: [UInt8]
  }

  struct Node {
    var content: [UInt8] = []
    var synced: [UInt8] = []
    /// Since the last sync, in order.
    var unsynced: [Write] = []
  }

  /// A call that changes files.
  struct Call: Hashable {
    let name: String
    let path: String
  }

  enum Fault {
    case error(Int32)
    /// Half of a write is taken, and every later call fails as on a full disk.
    case short
    /// The sync fails and what it should have made durable is gone.
    case lost
  }

  struct State {
    var nodes: [Int: Node] = [:]
    var names: [String: Int] = [:]
    /// The names that outlive a crash.
    var durableNames: [String: Int] = [:]
    var locks: Set<String> = []
    var calls: [Call] = []
    /// Which call fails, counted from 0.
    var fault: (call: Int, fault: Fault)?
    var isFull = false
    var failsIndexes = false
  }

  let state = Mutex(State())

  init() {}

  /// The files of an image, all durable.
  init(_ image: [String: [UInt8]]) {
    state.withLock { state in
      for (number, (path, bytes)) in image.enumerated() {
        state.nodes[number] = Node(content: bytes, synced: bytes)
        state.names[path] = number
      }
      state.durableNames = state.names
    }
  }

  /// Every file as a process sees it.
  var image: [String: [UInt8]] {
    state.withLock { state in state.names.mapValues { state.nodes[$0]?.content ?? [] } }
  }

  /// The calls that changed files, in order.
  var calls: [Call] { state.withLock { $0.calls } }

  func fail(_ call: Int, _ fault: Fault) { state.withLock { $0.fault = (call, fault) } }

  /// No index can be written from now on.
  func failIndexes() { state.withLock { $0.failsIndexes = true } }

  // MARK: - FileSystem

  func open(
    _ path: String, creates: Bool, isReadOnly: Bool
  ) throws(SystemFault) -> any OpenFile {
    let exists = state.withLock { $0.names[path] != nil }
    if !exists {
      guard creates else { throw SystemFault("open", path, code: ENOENT) }
      try change("open", path) { state in
        let number = state.nodes.count
        state.nodes[number] = Node()
        state.names[path] = number
      }
    }
    let number = state.withLock { $0.names[path] ?? -1 }
    return MemoryFile(self, path, number)
  }

  func makeDirectory(_ path: String) throws(SystemFault) {}

  func list(_ directory: String) throws(SystemFault) -> [String] {
    state.withLock { state in
      state.names.keys.filter { $0.hasPrefix(directory + "/") }
        .map { String($0.dropFirst(directory.utf8.count + 1)) }
    }
  }

  func rename(_ path: String, to other: String) throws(SystemFault) {
    try change("rename", path) { state in
      state.names[other] = state.names.removeValue(forKey: path)
    }
  }

  func remove(_ path: String) throws(SystemFault) {
    try change("unlink", path) { $0.names[path] = nil }
  }

  func syncDirectory(_ path: String) throws(SystemFault) {
    try change("fsync", path) { state in
      let prefix = path + "/"
      func isIn(_ name: String) -> Bool {
        name.hasPrefix(prefix) && !name.dropFirst(prefix.utf8.count).contains("/")
      }
      state.durableNames = state.durableNames.filter { !isIn($0.key) }
      for (name, number) in state.names where isIn(name) { state.durableNames[name] = number }
    }
  }

  func lock(_ path: String) throws(SystemFault) -> any OpenFile {
    let isFree = state.withLock { $0.locks.insert(path).inserted }
    guard isFree else { throw SystemFault("flock", path, code: EWOULDBLOCK) }
    return MemoryLock(self, path)
  }

  /// Runs a call that changes files, unless it is the one that fails.
  @discardableResult
  func change<R>(
    _ name: String, _ path: String, _ body: (inout State) -> R
  ) throws(SystemFault) -> R {
    let result: Result<R, SystemFault> = state.withLock { state in
      let number = state.calls.count
      state.calls.append(Call(name: name, path: path))
      if state.failsIndexes && path.hasSuffix(".idx.new") {
        return .failure(SystemFault(name, path, code: EIO))
      }
      if state.isFull { return .failure(SystemFault(name, path, code: ENOSPC)) }
      if let fault = state.fault, fault.call == number {
        switch fault.fault {
        case .error(let code): return .failure(SystemFault(name, path, code: code))
        case .short: state.isFull = true
        case .lost:
          if name == "fdatasync", let node = state.names[path] {
            state.nodes[node]?.loseUnsynced()
          }
          return .failure(SystemFault(name, path, code: EIO))
        }
      }
      return .success(body(&state))
    }
    return try result.get()
  }
}

/// An open file of `MemoryFiles`.
private final class MemoryFile: OpenFile {
  private let files: MemoryFiles
  private let path: String
  private let number: Int

  init(_ files: MemoryFiles, _ path: String, _ number: Int) {
    self.files = files
    self.path = path
    self.number = number
  }

  func size() throws(SystemFault) -> UInt64 {
    files.state.withLock { UInt64($0.nodes[number]?.content.count ?? 0) }
  }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemFault) -> Int {
    let target = SendableBuffer(buffer)
    return files.state.withLock { state in
      let content = state.nodes[number]?.content ?? []
      let part = content.dropFirst(Int(offset)).prefix(target.buffer.count)
      target.buffer.copyBytes(from: part)
      return part.count
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemFault) -> Int {
    let bytes = Array(bytes)
    return try files.change("pwrite", path) { state in
      let taken = state.isFull ? Array(bytes.prefix(bytes.count / 2)) : bytes
      state.nodes[number]?.write(taken, at: Int(offset))
      return taken.count
    }
  }

  func syncData() throws(SystemFault) {
    try files.change("fdatasync", path) { state in
      state.nodes[number]?.sync()
    }
  }

  func truncate(to size: UInt64) throws(SystemFault) {
    try files.change("ftruncate", path) { $0.nodes[number]?.resize(to: Int(size)) }
  }
}

/// A buffer that is only used while its call lasts.
// @unchecked: the call that lends it waits for the closure that uses it.
private struct SendableBuffer: @unchecked Sendable {
  let buffer: UnsafeMutableRawBufferPointer
  init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }
}

private final class MemoryLock: OpenFile {
  private let files: MemoryFiles
  private let path: String

  init(_ files: MemoryFiles, _ path: String) {
    self.files = files
    self.path = path
  }

  deinit { files.state.withLock { _ = $0.locks.remove(path) } }

  func size() throws(SystemFault) -> UInt64 { 0 }
  func read(into: UnsafeMutableRawBufferPointer, at: UInt64) throws(SystemFault) -> Int { 0 }
  func write(_ bytes: UnsafeRawBufferPointer, at: UInt64) throws(SystemFault) -> Int { 0 }
  func syncData() throws(SystemFault) {}
  func truncate(to size: UInt64) throws(SystemFault) {}
}

extension MemoryFiles.Node {
  mutating func write(_ bytes: [UInt8], at offset: Int) {
    if content.count < offset + bytes.count {
      content += [UInt8](repeating: 0, count: offset + bytes.count - content.count)
    }
    content.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    unsynced.append(MemoryFiles.Write(offset: offset, bytes: bytes))
  }

  mutating func sync() {
    synced = content
    unsynced = []
  }

  mutating func loseUnsynced() {
    content = synced
    unsynced = []
  }

  /// Durable at once: the harder case, a length that a crash undoes, is that of `write`.
  mutating func resize(to size: Int) {
    for part in [\MemoryFiles.Node.content, \.synced] {
      let count = self[keyPath: part].count
      if count > size {
        self[keyPath: part].removeLast(count - size)
      } else {
        self[keyPath: part] += [UInt8](repeating: 0, count: size - count)
      }
    }
  }
}
