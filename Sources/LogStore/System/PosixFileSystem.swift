internal import Glibc

/// The machine's own files.
public struct PosixFileSystem: FileSystem {
  public init() {}

  public func open(
    _ path: String, creates: Bool, isReadOnly: Bool
  ) throws(SystemFault) -> any OpenFile {
    let flags = (isReadOnly ? O_RDONLY : O_RDWR) | (creates ? O_CREAT : 0) | O_CLOEXEC
    // Readable by this user only: the logs hold customers' data.
    let descriptor = Glibc.open(path, flags, 0o600)
    guard descriptor >= 0 else { throw SystemFault("open", path) }
    // What is only read is looked up here and there: without this advice, whose refusal costs
    // nothing, the system reads 128 KiB ahead of each page.
    if isReadOnly { posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM) }
    return PosixFile(descriptor, path)
  }

  public func makeDirectory(_ path: String) throws(SystemFault) {
    if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SystemFault("mkdir", path) }
  }

  public func list(_ directory: String) throws(SystemFault) -> [String] {
    guard let stream = opendir(directory) else { throw SystemFault("opendir", directory) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw SystemFault("readdir", directory) }
        return names
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  public func rename(_ path: String, to other: String) throws(SystemFault) {
    if Glibc.rename(path, other) != 0 { throw SystemFault("rename", path) }
  }

  public func remove(_ path: String) throws(SystemFault) {
    if unlink(path) != 0 && errno != ENOENT { throw SystemFault("unlink", path) }
  }

  public func syncDirectory(_ path: String) throws(SystemFault) {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFault("open", path) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw SystemFault("fsync", path) }
  }

  public func lock(_ path: String) throws(SystemFault) -> any OpenFile {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemFault("open", path) }
    let file = PosixFile(descriptor, path)
    // Given up with the process, however it ends.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { throw SystemFault("flock", path) }
    return file
  }
}

/// An owned descriptor.
private final class PosixFile: OpenFile {
  private let descriptor: Int32
  private let path: String

  init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    // A lock would live on in the copy of the descriptor that a child has until it calls exec.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  func size() throws(SystemFault) -> UInt64 {
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 0 else { throw SystemFault("lseek", path) }
    return UInt64(end)
  }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemFault) -> Int {
    var done = 0
    while done < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset) + off_t(done))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemFault("pread", path)
      }
      done += count
    }
    return done
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemFault) -> Int {
    while true {
      let count = pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { throw SystemFault("pwrite", path) }
    }
  }

  func syncData() throws(SystemFault) {
    if fdatasync(descriptor) != 0 { throw SystemFault("fdatasync", path) }
  }

  func truncate(to size: UInt64) throws(SystemFault) {
    if ftruncate(descriptor, off_t(size)) != 0 { throw SystemFault("ftruncate", path) }
  }
}

extension SystemFault {
  /// With what `errno` says just now.
  fileprivate init(_ call: String, _ path: String) { self.init(call, path, code: errno) }

  /// A write that took nothing and named no error.
  static func noProgress(_ path: String) -> SystemFault {
    SystemFault("pwrite", path, code: EIO)
  }

  /// Whether another process holds the lock.
  var isHeldByAnother: Bool { call == "flock" && code == EWOULDBLOCK }
}

extension SystemFault: CustomStringConvertible {
  public var description: String { "\(path): \(call): \(String(cString: strerror(code)))" }
}
